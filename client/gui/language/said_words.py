"""What has happened, in the user's language."""

from __future__ import annotations

from typing import assert_never

from client.api.english import SET_ASIDE, UNVERIFIED, fields_of, sentence_of
from client.api.said import (
    AccountClosed,
    Added,
    Banned,
    ChangeSetAside,
    Created,
    Detail,
    DirectoryLost,
    Failed,
    HistoryDiffers,
    Joined,
    KeyAccepted,
    KeyBlocks,
    KeyChanged,
    KeyPinned,
    KeyRenewed,
    Left,
    MessageMissing,
    Muted,
    NewestWithheld,
    NotCreated,
    NotMemberAnyMore,
    Removed,
    Renamed,
    SetAside,
    Told,
    Unbanned,
    Unknown,
    Unmuted,
    WaitsForAnybody,
    WaitsForKey,
    WaitsForMember,
    WaitsForMessageKeys,
    failed_by,
)
from client.gui.language.local_words import size_words
from client.gui.language.translation import tr, tr_count, tr_dynamic
from shared.errors import ChatError


def error_words(error: ChatError) -> str:
    """Return what is wrong in a sentence."""
    return failure_words(failed_by(error))


def failure_words(failed: Failed | None) -> str:
    """Return why something failed in a sentence; nothing for None, and for what passes by itself."""
    if failed is None or failed.detail == Detail.QUIET:
        return ""
    sentence = sentence_of(failed)
    return tr_dynamic(sentence, **fields_of(failed, size_words)) if sentence else failed.system


def said_words(told: Told | None) -> str:
    """Return what is said in a sentence; nothing for None."""
    if told is None:
        return ""

    def name(uid: bytes) -> str:
        return told.name(uid) if uid else tr("The server's host")

    match told.said:
        case Failed() as failed:
            return failure_words(failed)
        case NotCreated(why=why):
            return tr("The group could not be created. {why}", why=failure_words(why))
        case Created(by=by):
            return tr("{by} created the group", by=name(by))
        case Joined(uids=uids):
            return tr("{names} joined", names=_listed(told, uids))
        case Added(by=by, uids=uids):
            return tr("{by} added {names}", by=name(by), names=_listed(told, uids))
        case Removed(by=by, uids=uids):
            return tr("{by} removed {names}", by=name(by), names=_listed(told, uids))
        case Left(uid=uid):
            return tr("{username} left", username=name(uid))
        case Renamed(by=by, title=title):
            return tr("{username} renamed the group to {title}", username=name(by), title=title)
        case Muted(by=by, uid=uid):
            return tr("{by} muted {username}", by=name(by), username=name(uid))
        case Unmuted(by=by, uid=uid):
            return tr("{by} lets {username} write again", by=name(by), username=name(uid))
        case Banned(by=by, uid=uid):
            return tr("{by} removed {username} from the class", by=name(by), username=name(uid))
        case Unbanned(by=by, uid=uid):
            return tr("{by} let {username} into the class again", by=name(by), username=name(uid))
        case AccountClosed(by=by, uid=uid):
            return tr(
                "{by} closed the account of {username}; who comes back under this name has new keys",
                by=name(by),
                username=name(uid),
            )
        case SetAside(reason=reason):
            return tr_dynamic(SET_ASIDE.get(reason, UNVERIFIED))
        case ChangeSetAside():
            return tr("A change of members or keys could not be verified and was set aside.")
        case MessageMissing():
            return tr("A message of this person before the next one is missing, or was set aside.")
        case KeyBlocks(uid=uid):
            return tr(
                "The key of {username} has changed. Accept it before you write.",
                username=name(uid),
            )
        case WaitsForMessageKeys(count=count):
            return tr_count(
                "Waiting for the key of {count} message",
                "Waiting for the key of {count} messages",
                count,
            )
        case WaitsForKey():
            return tr("Waiting for the key of this conversation")
        case NotMemberAnyMore():
            return tr("You are no longer a member. What you have read stays here.")
        case WaitsForMember():
            return tr("Waiting to be let in by a member")
        case WaitsForAnybody():
            return tr("Waiting to be let in by somebody who is online")
        case HistoryDiffers(uid=uid):
            return tr(
                "{name} has seen another history of this conversation than you. Compare what you read.",
                name=name(uid),
            )
        case NewestWithheld():
            return tr("The server does not hand over the newest messages of this conversation.")
        case DirectoryLost():
            return tr(
                "The server has lost people or roles that this computer knows. Ask your instructor."
            )
        case KeyPinned(uid=uid):
            return tr("The key of {username} is known now.", username=name(uid))
        case KeyChanged(uid=uid):
            return tr(
                "The key of {username} has changed. Compare safety numbers before you write to them.",
                username=name(uid),
            )
        case KeyRenewed(uid=uid):
            return tr("{username} renewed a key.", username=name(uid))
        case KeyAccepted(uid=uid):
            return tr("You accepted the new key of {username}.", username=name(uid))
        case Unknown():
            return tr("Something happened that only a newer version of this program can say.")
        case other:
            assert_never(other)


def _listed(told: Told, uids: tuple[bytes, ...]) -> str:
    names, others = told.listed(uids)
    if others:
        return tr("{names} and {count} others", names=", ".join(names), count=others)
    if len(names) > 1:
        return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
    return "".join(names)
