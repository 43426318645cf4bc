"""The error tree: one stable code for each error, and the sentence that the user reads."""

from __future__ import annotations


class ChatError(Exception):
    """Something went wrong that we did not expect."""

    code = "internal"
    detail = ""  # which of several reasons that have this code (client/api/said.py)

    def __init__(self, message: str = "", detail: str = "", **details: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.detail = detail or type(self).detail
        self.details = details
        super().__init__(self.message)


class CodecError(ChatError):
    """A frame could not be read."""

    code = "malformed"
    detail = "unreadable_frame"


class CryptoReject(ChatError):
    """A signed or sealed item did not verify. `reason` is a stable word for tests and logs."""

    code = "crypto_reject"
    detail = "rejected"

    def __init__(self, reason: str = "invalid") -> None:
        self.reason = reason
        super().__init__(f"Rejected: {reason}.", system=reason)


class NameRefused(ChatError):
    """This name cannot be used."""

    code = "name_invalid"


class RefusedError(ChatError):
    """The broker refused a request. `code` is one of REFUSAL_SENTENCES."""

    def __init__(self, code: str, message: str = "", detail: str = "", **details: object) -> None:
        super().__init__(message or REFUSAL_SENTENCES[code], detail, **details)
        self.code = code


class WrongPassphrase(ChatError):
    """The passphrase does not open this profile."""

    code = "wrong_passphrase"
    detail = "profile_locked"


class ProfileInUse(ChatError):
    """This profile is open in another window."""

    code = "profile_in_use"


class InvitationInvalid(ChatError):
    """This is not an invitation. Paste the whole link, or choose the invitation file."""

    code = "invitation_invalid"


# What a `Refused` message may say (docs/PROTOCOL.md, section Refusals): code -> the sentence shown
# to a person.
REFUSAL_SENTENCES: dict[str, str] = {
    "malformed": "The message could not be read.",
    "protocol_version": "This client is too old or too new for the server.",
    "not_signed_in": "Sign in first.",
    "name_taken": "This name is already taken.",
    "name_invalid": "This name cannot be used.",
    "wrong_code": "The join code is not right. Ask your instructor for the invitation.",
    "bad_signature": "The sign-in could not be verified.",
    "unknown_account": "No account of this name is known here.",
    "already_registered": "This account already exists.",
    "unknown_conversation": "This conversation does not exist.",
    "not_a_member": "You are not a member of this conversation.",
    "not_allowed": "You are not allowed to do this.",
    "stale_epoch": "The keys of this conversation have changed; the message is sealed anew.",
    "rotation_due": "Somebody left; the keys must change before the next message.",
    "epoch_taken": "Somebody else changed the keys first.",
    "invalid_record": "The change of keys or members is not valid.",
    "too_large": "This is too long to be sent.",
    "slow_down": "Too fast. Try again in a moment.",
    "too_many_groups": "There are too many groups.",
    "group_name_taken": "A group of this name exists already.",
    "muted": "The staff has muted you; you can still write direct messages.",
    "banned": "You were removed from this class.",
    "account_closed": "This account was closed. Ask for a personal invitation to come back under this name.",
    "unknown_user": "No person of this name is in the class.",
    "no_recovery": "Nothing is kept for this name that could be given back.",
    "wrong_passphrase": "This passphrase does not open what is kept for this name.",
    "unknown_file": "The server does not keep this file any more.",
    "file_too_large": "This file is too large for this class.",
    "quota_user": "Your space for files on the server is used up.",
    "quota_class": "The space of this class for files is used up. Ask your instructor.",
    "disk_full": "The server's disk is full. Nothing is lost; the transfer goes on when there is space again.",
    "busy": "The server is busy. Nothing is lost; it is sent again.",
    "internal": "The server had a problem. Nothing is lost; it is sent again.",
}
