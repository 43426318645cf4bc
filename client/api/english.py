"""What has happened, in English: for the headless client and the export, and the sentences of
failures that the window translates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, assert_never

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
)
from shared.errors import REFUSAL_SENTENCES
from shared.sizes import size_text

HOST: Final = "The server's host"
UNVERIFIED: Final = "This message could not be verified and was set aside."

# By the reason of a CryptoReject; another one is UNVERIFIED.
SET_ASIDE: Final[dict[str, str]] = {
    "fork": "This message was sealed under other keys than those of this conversation.",
    "unknown_epoch": "This message was sealed under keys that this conversation never had.",
    "late": "This message came after the keys had changed.",
    "signer": "This message is from somebody who is not a member.",
    "not_a_member": "This message is from somebody who is not a member.",
    "device": "This message is from a device that does not belong to its sender.",
    "replayed": "This message was delivered before.",
    "equivocation": "This message does not follow the sender's message before it.",
    "history_differs": "The sender has seen another history of this conversation than you.",
    "not_allowed": "The sender was not allowed to do this.",
}

# By the code of a Failed.
CODES: Final[dict[str, str]] = {
    **REFUSAL_SENTENCES,
    # the connection
    "unreachable": "The server cannot be reached.",
    "name_unknown": "The name of the server is not known. Compare it with your invitation, or ask your instructor.",
    "names_unavailable": "The name of the server cannot be looked up. Look whether this computer is online.",
    "lost": "The connection was lost.",
    "timeout": "The server does not answer.",
    "server_key_mismatch": "The server answered but its key is not the one in your invitation. Ask your instructor.",
    "taken_over": "You signed in from another window; this one is signed out.",
    "kicked": "The server ended your session.",
    "too_slow": "The connection was too slow and was ended by the server; it is tried again.",
    "stopping": "The server is stopping; you are connected again when it is back.",
    # the profile
    "invitation_invalid": "This is not an invitation. Paste the whole link, or choose the invitation file.",
    "profile_in_use": "This profile is open in another window.",
    "profile_of_other": "This profile belongs to another user. Choose another profile directory.",
    "profile_exists": "There is a profile of this name on this computer already. Sign in with it.",
    "profile_unusable": "The profile folder {path} cannot be used: {reason}.",
    "passphrase_file": "The passphrase file {path} cannot be read, or is empty.",
    # commands
    "rolled_back": "The server has lost the end of this conversation. Nothing is sent here; what you have stays.",
    "replaced": "The server shows another history of this conversation than before. Nothing is sent here.",
    "offline": "This needs a connection to the server.",
    "empty": "There is nothing to send.",
    "not_in_log": "The server said that it stored this message, but it is not in the conversation.",
    # files
    "no_preview": "This file can be saved, but not shown.",
    "unknown_transfer": "There is no such transfer.",
    "is_folder": "{name} is a folder. Send it as a zip file.",
    "not_a_file": "{name} is not a file.",
    "no_space": "There is no space left on this computer. What has come is kept; make space and go on.",
    "source_changed": "The file has changed; it is sent anew.",
    "cancelled": "The transfer was cancelled.",
}

# By the detail of a Failed, which goes before its code.
DETAILS: Final[dict[Detail, str]] = {
    Detail.QUIET: "",
    Detail.REJECTED: "Rejected: {reason}.",
    Detail.SERVER_WORDS: "{reason}",
    Detail.UNEXPECTED: "Something went wrong that we did not expect.",
    Detail.NOT_YET: "This cannot be done yet.",
    Detail.NO_MESSAGE: "There is no such message.",
    Detail.NO_ANSWER_TO_ACCEPT: "Only a reply to a question can be accepted.",
    Detail.QUESTION_REPLIES: "A question stands for itself; it replies to nothing.",
    Detail.MESSAGE_ON_ITS_WAY: "The message is on its way. Try again in a moment.",
    Detail.NOT_IN_OUTBOX: "This message is not in the outbox.",
    Detail.NOT_IN_OUTBOX_OR_ON_ITS_WAY: "This message is not in the outbox, or is on its way.",
    Detail.SEARCH_LIMIT: "A search gives 1 to {most} messages.",
    Detail.SIMILAR_LIMIT: "There are 1 to {most} similar questions.",
    Detail.LEAVE_INSTEAD: "Leave the group instead.",
    Detail.PERSON_NO_MEMBER: "This person is not a member.",
    Detail.KEY_OF_ONE_CHANGED: "The key of one of these people has changed. Accept it first.",
    Detail.THEIR_KEY_CHANGED: "Their key has changed. Accept it before you write.",
    Detail.NO_CHANGED_KEY: "There is no changed key of this person.",
    Detail.ANSWER_LOST: "The connection was lost before the answer came.",
    Detail.UNSENDABLE_TEXT: "This text holds characters that cannot be sent.",
    Detail.NAME_EMPTY: "Please enter a name.",
    Detail.NAME_TOO_LONG: "A name has at most {most} characters.",
    Detail.NAME_BEGINS_WRONG: "A name starts with a letter or a digit.",
    Detail.NAME_CHARACTERS: "A name holds only letters, digits, dots, hyphens and underscores.",
    Detail.NAME_MARKS: "A name has no letter with more than four marks.",
    Detail.NAME_ALPHABETS: "A name is written in one alphabet; letters of two that look alike could deceive.",
    Detail.GROUP_NAME_EMPTY: "Please enter a name for the group.",
    Detail.GROUP_NAME_TOO_LONG: "The name of a group has at most {most} characters.",
    Detail.GROUP_NAME_BEGINS_WRONG: "The name of a group starts with a letter or a digit.",
    Detail.GROUP_NAME_CHARACTERS: "The name of a group holds only letters, digits, dots, hyphens and underscores.",
    Detail.GROUP_NAME_MARKS: "The name of a group has no letter with more than four marks.",
    Detail.GROUP_NAME_LENGTH: "The name of a group has 1 to {most} characters.",
    Detail.NOT_SENT: "This message could not be sent.",
    Detail.DATA_TOO_LARGE: "Pasted data may have {limit}; save it as a file.",
    Detail.NO_TARGET: "Say where the file is to be saved.",
    Detail.TRANSFER_DONE: "This transfer is done.",
    Detail.FILE_DELETED: "This file was deleted.",
    Detail.NO_FILE: "There is no file in such a message.",
    Detail.NEEDS_CONNECTION: "This needs a connection to the server.",
    Detail.CANNOT_WRITE_HERE: "You cannot write in this conversation any more.",
    Detail.MESSAGE_DELETED: "The message of this file was deleted.",
    Detail.LARGER_THAN_ANY: "This file has {size}; no file may have more than {limit}.",
    Detail.FOLDER_MISSING: "The folder {folder} does not exist.",
    Detail.FOLDER_CLOSED: "Nothing can be saved in {folder}.",
    Detail.FOLDER_GONE: "The folder {folder} is not there any more.",
    Detail.TARGET_NO_FILE: "{path} is not a file.",
    Detail.TARGET_NO_PATH: "This is not a path that a file can be saved to.",
    Detail.SAVE_FAILED: "The file cannot be saved: {reason}.",
    Detail.NOT_AS_SIGNED: "This file is not what its sender signed, so it was not saved.",
    Detail.SOURCE_UNREADABLE: "{name} cannot be read: {reason}.",
    Detail.SOURCE_NO_PATH: "{name} cannot be read: this is not a path.",
    Detail.SOURCE_MOVED: "{name} is not there any more.",
    Detail.SOURCE_MISSING: "{name} is not there.",
    Detail.SOURCE_FORBIDDEN: "You may not read {name}.",
    Detail.TRANSFER_BROKE: "The transfer had a problem. Try it again.",
    Detail.CALLED_OFF: "its transfer was called off",
    Detail.PROFILE_LOCKED: "The passphrase does not open this profile.",
    Detail.OTHER_CLASS: "This profile belongs to another class. Choose another profile directory.",
    Detail.NO_INVITATION: "An invitation is needed the first time.",
    Detail.NO_INVITATION_TO_RECOVER: "An invitation is needed: it says where the server is.",
    Detail.RECOVERY_UNREACHABLE: (
        "The server cannot be reached. An account comes back only from there; try again when it is."
    ),
    Detail.RECOVERY_DAMAGED: "What the server keeps for this name cannot be used.",
    Detail.TOO_MANY_GUESSES: "Too many wrong passphrases for this name. Try again in {minutes} min.",
    Detail.UNREADABLE_ANSWER: "The server sent something that cannot be read.",
    Detail.UNREADABLE_FRAME: "A frame could not be read.",
    Detail.CLIENT_BROKE: "The client had a problem and stopped. What you wrote is saved; start it again.",
    Detail.EXPORT_NOT_EMPTY: "{path} is not empty. Choose a new folder: nothing is overwritten.",
    Detail.EXPORT_UNWRITTEN: "The export could not be written: {reason}.",
    Detail.EXPORT_BROKE: "The export had a problem and stopped.",
    Detail.EXPORT_OFFLINE: "there is no connection to the server",
}


def sentence_of(failed: Failed) -> str:
    """Return the sentence with its {fields}; empty if only the system has words for it."""
    if failed.detail in DETAILS:
        return DETAILS[Detail(failed.detail)]
    return CODES.get(failed.code, "" if failed.system else DETAILS[Detail.UNEXPECTED])


def fields_of(failed: Failed, size_words: Callable[[int], str]) -> dict[str, object]:
    """Return what the {fields} of a sentence stand for."""
    return {
        **dict.fromkeys(("name", "folder", "path"), failed.subject),
        "reason": failed.system,
        "size": size_words(failed.size),
        "limit": size_words(failed.limit),
        **dict.fromkeys(("most", "minutes"), failed.count),
    }


def failure_words(failed: Failed | None) -> str:
    """Return why something failed in a sentence; nothing for None."""
    if failed is None:
        return ""
    sentence = sentence_of(failed)
    return sentence.format(**fields_of(failed, size_text)) if sentence else _plain(failed)


def _plain(failed: Failed) -> str:
    return failed.system if failed.detail not in DETAILS else ""


def words(told: Told | None) -> str:
    """Return what is said in a sentence; nothing for None."""
    if told is None:
        return ""

    def name(uid: bytes) -> str:
        return told.name(uid) if uid else HOST

    def listed(uids: tuple[bytes, ...]) -> str:
        names, others = told.listed(uids)
        if others:
            return f"{', '.join(names)} and {others} others"
        return " and ".join(phrase for phrase in (", ".join(names[:-1]), *names[-1:]) if phrase)

    match told.said:
        case Failed() as failed:
            return failure_words(failed)
        case NotCreated(why=why):
            return f"The group could not be created. {failure_words(why)}"
        case Created(by=by):
            return f"{name(by)} created the group"
        case Joined(uids=uids):
            return f"{listed(uids)} joined"
        case Added(by=by, uids=uids):
            return f"{name(by)} added {listed(uids)}"
        case Removed(by=by, uids=uids):
            return f"{name(by)} removed {listed(uids)}"
        case Left(uid=uid):
            return f"{name(uid)} left"
        case Renamed(by=by, title=title):
            return f"{name(by)} renamed the group to {title}"
        case Muted(by=by, uid=uid):
            return f"{name(by)} muted {name(uid)}"
        case Unmuted(by=by, uid=uid):
            return f"{name(by)} lets {name(uid)} write again"
        case Banned(by=by, uid=uid):
            return f"{name(by)} removed {name(uid)} from the class"
        case Unbanned(by=by, uid=uid):
            return f"{name(by)} let {name(uid)} into the class again"
        case AccountClosed(by=by, uid=uid):
            return f"{name(by)} closed the account of {name(uid)}; who comes back under this name has new keys"
        case SetAside(reason=reason):
            return SET_ASIDE.get(reason, UNVERIFIED)
        case ChangeSetAside():
            return "A change of members or keys could not be verified and was set aside."
        case MessageMissing():
            return "A message of this person before the next one is missing, or was set aside."
        case KeyBlocks(uid=uid):
            return f"The key of {name(uid)} has changed. Accept it before you write."
        case WaitsForMessageKeys(count=count):
            return f"Waiting for the key of {count} message{'s' if count > 1 else ''}"
        case WaitsForKey():
            return "Waiting for the key of this conversation"
        case NotMemberAnyMore():
            return "You are no longer a member. What you have read stays here."
        case WaitsForMember():
            return "Waiting to be let in by a member"
        case WaitsForAnybody():
            return "Waiting to be let in by somebody who is online"
        case HistoryDiffers(uid=uid):
            return f"{name(uid)} has seen another history of this conversation than you. Compare what you read."
        case NewestWithheld():
            return "The server does not hand over the newest messages of this conversation."
        case DirectoryLost():
            return (
                "The server has lost people or roles that this computer knows. Ask your instructor."
            )
        case KeyPinned(uid=uid):
            return f"The key of {name(uid)} is known now."
        case KeyChanged(uid=uid):
            return f"The key of {name(uid)} has changed. Compare safety numbers before you write to them."
        case KeyRenewed(uid=uid):
            return f"{name(uid)} renewed a key."
        case KeyAccepted(uid=uid):
            return f"You accepted the new key of {name(uid)}."
        case Unknown():
            return "Something happened that only a newer version of this program can say."
        case other:
            assert_never(other)
