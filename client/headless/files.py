"""The file commands of the headless client: send_file, save_file, pause, resume, cancel,
transfers.
"""

from __future__ import annotations

from collections.abc import Callable

from client.api import events
from client.api.events import Command, Done
from client.api.values import Transfer
from client.headless.events import ClassView, transfer_fields
from client.headless.protocol import (
    Answer,
    Fields,
    Method,
    Refusal,
    as_bytes,
    empty_answer,
    message_id_of,
)

FILE_FIELDS: dict[str, dict[str, tuple[type, bool]]] = {
    "send_file": {
        "to": (str, True),
        "path": (str, True),
        "text": (str, False),
        "reply_to": (str, False),
    },
    "save_file": {"message_id": (str, False), "transfer_id": (str, False), "path": (str, True)},
    "pause": {"transfer_id": (str, True)},
    "resume": {"transfer_id": (str, True)},
    "cancel": {"transfer_id": (str, True)},
    "transfers": {},
}

Ask = Callable[[object, Callable[[int], Command], Answer], Fields]
InTarget = Callable[[object, str, Callable[[bytes], Fields]], Fields]


class HeadlessFiles:
    """Carries out file commands; runs on the main thread."""

    def __init__(self, ask: Ask, in_target: InTarget, view: ClassView) -> None:
        self._ask = ask
        self._in_target = in_target
        self._view = view
        self.methods: dict[str, Method] = {
            "send_file": self._do_send_file,
            "save_file": self._do_save_file,
            "pause": self._do_pause,
            "resume": self._do_resume,
            "cancel": self._do_cancel,
            "transfers": self._do_transfers,
        }

    def _do_send_file(self, reply_id: object, fields: Fields) -> Fields:
        path, text = str(fields["path"]), str(fields.get("text", ""))
        reply_to = message_id_of(str(fields["reply_to"])) if "reply_to" in fields else b""

        def send(conv_id: bytes) -> Fields:
            def make(number: int) -> Command:
                return events.SendFile(
                    request_id=number, conv_id=conv_id, path=path, text=text, reply_to=reply_to
                )

            return self._ask(reply_id, make, _both_ids)

        return self._in_target(reply_id, str(fields["to"]), send)

    def _do_save_file(self, reply_id: object, fields: Fields) -> Fields:
        if ("message_id" in fields) == ("transfer_id" in fields):
            raise Refusal("missing_field", "Say message_id or transfer_id, one of them.")
        if "message_id" in fields:
            message_id = message_id_of(str(fields["message_id"]))
        else:  # of a message that has come, or of a transfer of it
            message_id = message_id_of(str(fields["transfer_id"]))
            known = self._view.transfers.get(message_id)
            message_id = known.message_id if known else message_id
        path = str(fields["path"])
        return self._ask(
            reply_id,
            lambda n: events.SaveFile(request_id=n, message_id=message_id, path=path),
            _transfer_answer,
        )

    def _do_pause(self, reply_id: object, fields: Fields) -> Fields:
        transfer_id = message_id_of(str(fields["transfer_id"]))
        return self._ask(
            reply_id,
            lambda n: events.PauseTransfer(request_id=n, transfer_id=transfer_id),
            empty_answer,
        )

    def _do_resume(self, reply_id: object, fields: Fields) -> Fields:
        transfer_id = message_id_of(str(fields["transfer_id"]))
        return self._ask(
            reply_id,
            lambda n: events.ResumeTransfer(request_id=n, transfer_id=transfer_id),
            empty_answer,
        )

    def _do_cancel(self, reply_id: object, fields: Fields) -> Fields:
        transfer_id = message_id_of(str(fields["transfer_id"]))
        return self._ask(
            reply_id,
            lambda n: events.CancelTransfer(request_id=n, transfer_id=transfer_id),
            empty_answer,
        )

    def _do_transfers(self, _: object, __: Fields) -> Fields:
        return {"transfers": [self._listed(transfer) for transfer in self._view.transfers.values()]}

    def _listed(self, transfer: Transfer) -> Fields:
        return {**transfer_fields(transfer), "conversation": self._view.target(transfer.conv_id)}


def _both_ids(done: Done) -> Fields:
    one = as_bytes(done.data).hex()
    return {"transfer_id": one, "message_id": one}


def _transfer_answer(done: Done) -> Fields:
    return {"transfer_id": as_bytes(done.data).hex()}
