"""Sentences that come from outside the window (core, broker, file thread) in the user's language,
as they are shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from client.gui.language.translation import tr, tr_dynamic, tr_noop

# They are made, stored and sent in English; a line of last week has to follow the language, too. So
# what is shown is
# looked up here. A test holds this list to the sources; {fields} stand for what the sentence tells.
SENTENCES = (
    # client/core/commands.py
    tr_noop("There is no such message."),
    tr_noop("Only a reply to a question can be accepted."),
    tr_noop("This message is not in the outbox."),
    tr_noop("This message is not in the outbox, or is on its way."),
    tr_noop("The name of a group has 1 to {most} characters."),
    tr_noop("Leave the group instead."),
    tr_noop("This person is not a member."),
    tr_noop("This needs a connection to the server."),
    tr_noop("There is no changed key of this person."),
    tr_noop("This cannot be done yet."),
    tr_noop("A question stands for itself; it replies to nothing."),
    tr_noop("The message is on its way. Try again in a moment."),
    tr_noop("The key of one of these people has changed. Accept it first."),
    tr_noop("The connection was lost before the answer came."),
    # client/core/conversation/conversation_events.py
    tr_noop("The server's host"),
    tr_noop("{by} closed the account of {username}; who comes back under this name has new keys"),
    tr_noop("{by} removed {username} from the class"),
    tr_noop("{by} let {username} into the class again"),
    tr_noop("{by} muted {username}"),
    tr_noop("{by} lets {username} write again"),
    # client/core/conversation/epochs.py
    tr_noop("{username} renamed the group to {title}"),
    tr_noop("{by} created the group"),
    tr_noop("{by} removed {names}"),
    tr_noop("{username} left"),
    tr_noop("{names} joined"),
    tr_noop("{by} added {names}"),
    # client/core/server_faults.py
    tr_noop(
        "The server has lost the end of this conversation. Nothing is sent here; what you have stays."
    ),
    tr_noop(
        "The server shows another history of this conversation than before. Nothing is sent here."
    ),
    tr_noop(
        "{name} has seen another history of this conversation than you. Compare what you read."
    ),
    tr_noop("The server does not hand over the newest messages of this conversation."),
    tr_noop("The server has lost people or roles that this computer knows. Ask your instructor."),
    # client/export
    tr_noop("{path} is not empty. Choose a new folder: nothing is overwritten."),
    tr_noop("The export could not be written: {reason}."),
    tr_noop("The export had a problem and stopped."),
    tr_noop("{name}: there is no connection to the server"),
    tr_noop("{name}: its transfer was called off"),
    # client/core/files/file_commands.py
    tr_noop("Pasted data may have {size}; save it as a file."),
    tr_noop("There is nothing to send."),
    tr_noop("Say where the file is to be saved."),
    tr_noop("This transfer is done."),
    tr_noop("This file can be saved, but not shown."),
    tr_noop("There is no file in such a message."),
    tr_noop("There is no such transfer."),
    tr_noop("This file was deleted."),
    # client/storage/keystore.py
    tr_noop("This profile belongs to another class. Choose another profile directory."),
    tr_noop("An invitation is needed the first time."),
    tr_noop("The profile folder {path} cannot be used: {reason}."),
    tr_noop("There is a profile of this name on this computer already. Sign in with it."),
    # client/threads/recovery.py
    tr_noop("An invitation is needed: it says where the server is."),
    tr_noop(
        "The server cannot be reached. An account comes back only from there; try again when it is."
    ),
    tr_noop("What the server keeps for this name cannot be used."),
    # broker/core/recovery.py
    tr_noop("Too many wrong passphrases for this name. Try again in {minutes} min."),
    # client/threads/network.py
    tr_noop("The client had a problem and stopped. What you wrote is saved; start it again."),
    # shared/errors.py, about recovery
    tr_noop("Nothing is kept for this name that could be given back."),
    tr_noop("This passphrase does not open what is kept for this name."),
    # client/core/outbox.py
    tr_noop("This message could not be sent."),
    tr_noop("The server said that it stored this message, but it is not in the conversation."),
    # client/core/people.py
    tr_noop("{username} renewed a key."),
    tr_noop("The key of {username} has changed. Compare safety numbers before you write to them."),
    tr_noop("You accepted the new key of {username}."),
    tr_noop("The key of {username} is known now."),
    # client/core/conversation/receiving.py
    tr_noop("A change of members or keys could not be verified and was set aside."),
    tr_noop("A message of this person before the next one is missing, or was set aside."),
    tr_noop("This message could not be verified and was set aside."),
    tr_noop("This message was sealed under other keys than those of this conversation."),
    tr_noop("This message was sealed under keys that this conversation never had."),
    tr_noop("This message came after the keys had changed."),
    tr_noop("This message is from somebody who is not a member."),
    tr_noop("This message is from a device that does not belong to its sender."),
    tr_noop("This message was delivered before."),
    tr_noop("This message does not follow the sender's message before it."),
    tr_noop("The sender has seen another history of this conversation than you."),
    tr_noop("The sender was not allowed to do this."),
    # client/core/refusals.py
    tr_noop("Their key has changed. Accept it before you write."),
    tr_noop("This text holds characters that cannot be sent."),
    # client/core/conversation/membership_changes.py
    tr_noop("The group could not be created. {why}"),
    # client/core/session.py
    tr_noop("The server cannot be reached."),
    tr_noop(
        "The name of the server is not known. Compare it with your invitation, or ask your instructor."
    ),
    tr_noop("The name of the server cannot be looked up. Look whether this computer is online."),
    tr_noop("The connection was lost."),
    tr_noop("The server does not answer."),
    tr_noop(
        "The server answered but its key is not the one in your invitation. Ask your instructor."
    ),
    tr_noop("You signed in from another window; this one is signed out."),
    tr_noop("The server ended your session."),
    tr_noop("The connection was too slow and was ended by the server; it is tried again."),
    tr_noop("You were removed from this class."),
    tr_noop("This account was closed. Ask for a personal invitation to come back under this name."),
    tr_noop("The server is stopping; you are connected again when it is back."),
    tr_noop("The server sent something that cannot be read."),
    # client/threads/files/disk.py
    tr_noop("This file has {size}; no file may have more than {most}."),
    tr_noop("{name} is not a file."),
    tr_noop("{name} is a folder. Send it as a zip file."),
    tr_noop("The folder {folder} does not exist."),
    tr_noop("Nothing can be saved in {folder}."),
    tr_noop("{path} is not a file."),
    tr_noop("This is not a path that a file can be saved to."),
    # client/threads/files/download.py
    tr_noop("This file is not what its sender signed, so it was not saved."),
    tr_noop(
        "There is no space left on this computer. What has come is kept; make space and go on."
    ),
    tr_noop("The file cannot be saved: {reason}."),
    tr_noop("The folder {folder} is not there any more."),
    # client/threads/files/thread.py
    tr_noop("The transfer had a problem. Try it again."),
    # client/threads/files/upload.py
    tr_noop("{name} cannot be read: {reason}."),
    tr_noop("{name} is not there any more."),
    tr_noop("{name} is not there."),
    tr_noop("You may not read {name}."),
    # client/core/files/transfers.py
    tr_noop("You cannot write in this conversation any more."),
    tr_noop("The message of this file was deleted."),
    tr_noop("The file has changed; it is sent anew."),
    # client/api/views.py
    tr_noop("The key of {username} has changed. Accept it before you write."),
    tr_noop("Waiting for the key of {count} message"),
    tr_noop("Waiting for the key of {count} messages"),
    tr_noop("Waiting for the key of this conversation"),
    tr_noop("You are no longer a member. What you have read stays here."),
    tr_noop("Waiting to be let in by a member"),
    tr_noop("Waiting to be let in by somebody who is online"),
    # shared/errors.py
    tr_noop("Something went wrong that we did not expect."),
    tr_noop("A frame could not be read."),
    tr_noop("The passphrase does not open this profile."),
    tr_noop("This profile is open in another window."),
    tr_noop("This is not an invitation. Paste the whole link, or choose the invitation file."),
    tr_noop("The message could not be read."),
    tr_noop("This client is too old or too new for the server."),
    tr_noop("Sign in first."),
    tr_noop("This name is already taken."),
    tr_noop("This name cannot be used."),
    tr_noop("The join code is not right. Ask your instructor for the invitation."),
    tr_noop("The sign-in could not be verified."),
    tr_noop("No account of this name is known here."),
    tr_noop("This account already exists."),
    tr_noop("This conversation does not exist."),
    tr_noop("You are not a member of this conversation."),
    tr_noop("You are not allowed to do this."),
    tr_noop("The keys of this conversation have changed; the message is sealed anew."),
    tr_noop("Somebody left; the keys must change before the next message."),
    tr_noop("Somebody else changed the keys first."),
    tr_noop("The change of keys or members is not valid."),
    tr_noop("This is too long to be sent."),
    tr_noop("Too fast. Try again in a moment."),
    tr_noop("There are too many groups."),
    tr_noop("A group of this name exists already."),
    tr_noop("The staff has muted you; you can still write direct messages."),
    tr_noop("No person of this name is in the class."),
    tr_noop("The server does not keep this file any more."),
    tr_noop("This file is too large for this class."),
    tr_noop("Your space for files on the server is used up."),
    tr_noop("The space of this class for files is used up. Ask your instructor."),
    tr_noop(
        "The server's disk is full. Nothing is lost; the transfer goes on when there is space again."
    ),
    tr_noop("The server is busy. Nothing is lost; it is sent again."),
    tr_noop("The server had a problem. Nothing is lost; it is sent again."),
    # shared/names.py
    tr_noop("Please enter a name."),
    tr_noop("A name has at most {most} characters."),
    tr_noop("A name starts with a letter or a digit."),
    tr_noop("A name is written in one alphabet; letters of two that look alike could deceive."),
    tr_noop("Please enter a name for the group."),
    tr_noop("The name of a group has at most {most} characters."),
    tr_noop("The name of a group starts with a letter or a digit."),
    tr_noop("The name of a group holds only letters, digits, dots, hyphens and underscores."),
    tr_noop("A name holds only letters, digits, dots, hyphens and underscores."),
    tr_noop("A name has no letter with more than four marks."),
    tr_noop("The name of a group has no letter with more than four marks."),
)

_FIELD = re.compile(r"\\\{(\w+)\\\}")
_EXACT = frozenset(one for one in SENTENCES if "{" not in one)
# What begins and ends with words of its own first: "{names} joined" would take a sentence that ends
# like it.
_PATTERNS = tuple(
    (re.compile(_FIELD.sub(r"(?P<\1>.+)", re.escape(one)), re.DOTALL), one)
    for one in sorted(
        (one for one in SENTENCES if "{" in one), key=lambda one: (one.startswith("{"), -len(one))
    )
)
_OTHERS = re.compile(r"(?P<names>.+) and (?P<count>\d+) others")
_LAST = re.compile(r"(?P<names>\S.*) and (?P<last>\S+)")
_SENTENCES_INSIDE = {"why", "reason", "by"}  # "by" may be the server's host


def tr_outside(text: str) -> str:
    """The sentence in the user's language; as it is if it is not known (what the operating system
    says).
    """
    if not text or text in _EXACT:
        return tr_dynamic(text) if text else ""
    template, values = _taken_apart(text)
    if not template:
        return text
    return tr_dynamic(template, **{name: _value(name, value) for name, value in values})


def _value(name: str, value: str) -> str:
    if name in _SENTENCES_INSIDE:
        return tr_outside(value)
    return _listed(value) if name == "names" else value


@lru_cache(maxsize=1024)
def _taken_apart(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    for pattern, template in _PATTERNS:
        found = pattern.fullmatch(text)
        if found is not None:
            return template, tuple(found.groupdict().items())
    return "", ()


def _listed(names: str) -> str:
    """Names of people as the core lists them: "a", "a and b", "a, b, c, d and 3 others"; names hold
    no space.
    """
    if found := _OTHERS.fullmatch(names):
        return tr("{names} and {count} others", names=found["names"], count=found["count"])
    if found := _LAST.fullmatch(names):
        return tr("{names} and {last}", names=found["names"], last=found["last"])
    return names
