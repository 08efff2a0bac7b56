"""simcord's Discord on virtual time alone, for the sandbox and for tests."""

import asyncio
from collections.abc import Mapping
from typing import Any

import discord
from simcord import Env
from simcord._runtime import _CallbackRecord
from simcord._settlement import _is_parked, _run_due_virtual_callbacks

SOON = 4.0
"""Virtual seconds that settling lets pass, for timers set to no longer than that: they belong to what goes on now."""

NEVER = 1e9
"""Real seconds after which simcord gives up."""

PAUSE = 0.002
"""Real seconds between two looks at threads that are still at work."""


class Simulation(Env):
    """An `Env` in which timers fire when somebody lets time pass, or when the bot has nothing else to do.

    simcord itself also fires timers in real time and gives up after some seconds, so what happens depends on how fast
    the machine is.

    Attributes:
        invited: whether the servers added the bot; if not, people use it because they added it to their own accounts.
    """

    def __init__(self, bot: discord.Client) -> None:
        super().__init__(bot, settle_timeout=NEVER)
        self.invited = True
        self._emit = self.backend.emit
        self.backend.emit = self._emit_with_owners  # type: ignore[method-assign]  # simcord leaves the owners out
        self._short_timers: list[_CallbackRecord] = []

    def _emit_with_owners(self, event: str, payload: Mapping[str, Any]) -> None:
        """Say in each interaction who added the bot, as Discord does, unless the payload says so already."""
        if event == "INTERACTION_CREATE" and payload.get("authorizing_integration_owners") == {}:
            payload = {**payload, "authorizing_integration_owners": self._owners(payload)}
        self._emit(event, payload)

    def _owners(self, payload: Mapping[str, Any]) -> dict[str, str]:
        if not self.invited:
            return {"1": (payload.get("user") or payload["member"]["user"])["id"]}
        return {"0": payload.get("guild_id", "0")}

    def _schedule_timer(self, record: _CallbackRecord, *_: Any) -> None:
        """Start no timer in real time."""
        if (record.when or 0.0) - self._virtual_time <= SOON:
            self._short_timers.append(record)

    async def _settle_internal(self, *, dispatch: str | None = None, **_: Any) -> None:
        """Return when the bot has nothing to do before `SOON`; unlike simcord, without a limit in real time."""
        self._last_dispatch = dispatch
        until = self._virtual_time + SOON
        while True:
            await self._come_to_rest()
            timer = self._next_short_timer()
            if self._advancing or timer > until:
                return
            self._move_clock(timer)

    def _next_short_timer(self) -> float:
        """When the first of them is due; never if there is none."""
        pending = [one for one in self._short_timers if one in self._work.callbacks and not _is_cancelled(one)]
        self._short_timers = pending
        return min((one.when or 0.0 for one in pending), default=NEVER)

    async def _come_to_rest(self) -> None:
        """Return when nothing runs, on the loop or on threads, and nothing is due."""
        quiet = 0
        while quiet < 2:
            _run_due_virtual_callbacks(self._settlement_state(), NEVER)
            await asyncio.sleep(0)
            if work := self._work_at_hand():
                quiet = 0
                await asyncio.wait(work, timeout=PAUSE, return_when=asyncio.FIRST_COMPLETED)
            else:
                quiet = 0 if self._has_callbacks() else quiet + 1

    def _work_at_hand(self) -> list[asyncio.Future[Any]]:
        """Tasks and threads that time does not have to pass for."""
        state, now = self._settlement_state(), asyncio.get_running_loop().time()
        tasks = [task for task in self._work.tasks if not task.done() and not _is_parked(state, task, now)]
        return [*tasks, *self._work.executors]

    def _has_callbacks(self) -> bool:
        """Whether the loop or the virtual clock still has to run something now."""
        self._work.callbacks = [one for one in self._work.callbacks if not _is_cancelled(one)]
        return any(one.when is None or one.when <= self._virtual_time for one in self._work.callbacks)


def _is_cancelled(record: _CallbackRecord) -> bool:
    return record.handle is None or record.handle.cancelled()
