"""What happens in each server before fuzzing begins: polls, outcomes, signatures, answers, questions."""

import json
from typing import Any

from simcord.results import InteractionResult, ResponseMessage

from .hearing import CANARIES
from .scene import Scene

ENTRY = "truck-parking"
"""The id of an answer that both servers have, each in its own words."""


class _Place:
    """One server, with its people by their first names."""

    def __init__(self, scene: Scene, place: int) -> None:
        self.production, self.word = scene.productions[place], CANARIES[place]

    async def slash(self, name: str, command: str, **options: Any) -> InteractionResult:
        return await self.production.person(name).slash(self.production.channels["crew"], command, **options)

    async def press(self, name: str, message: ResponseMessage, label: str) -> InteractionResult:
        return await self.production.person(name).click(message, label=label)

    async def send(self, name: str, form: InteractionResult, **values: Any) -> InteractionResult:
        return await self.production.person(name).submit_modal(form, values)


async def rehearse(scene: Scene) -> None:
    """Play it in both servers."""
    for number in (0, 1):
        place = _Place(scene, number)
        await _settings(place)
        await _polls(place)
        await _signoffs(place)
        await _faq(place)


async def _settings(place: _Place) -> None:
    channel, role = place.production.channels["delivery"], place.production.departments["Production"]
    options = {"decisions-channel": channel, "poll-quorum": 1, "moderators": role}
    await place.slash("Jonas", "settings set", **options)


async def _polls(place: _Place) -> None:
    role = place.production.departments["Lighting"]
    ballot = _said(await place.slash("Lena", "poll open", task=f"Rotoscope {place.word}", department=role))
    receipt = _said(await place.press("Gus", ballot, "AI may execute"))
    await place.send("Gus", await place.press("Gus", receipt, "Add reason"), reason=f"Nobody sees it, {place.word}")
    await place.send("Mara", await place.press("Mara", ballot, "Hold"), reason=f"The talent of {place.word} said no")
    secret = _said(await place.slash("Gus", "poll open", task=f"Grade {place.word}", ballot="secret"))
    await place.press("Mara", secret, "Human judgment")
    outcome = _said(await place.slash("Gus", "poll close", poll=2))
    form = await place.press("Gus", outcome, "Record outcome")
    decider, conditions = [place.production.person("Mara")], f"Only for {place.word}"
    await place.send("Gus", form, decider=decider, conditions=conditions, note=place.word, review="in 2 days")


async def _signoffs(place: _Place) -> None:
    signers = f"{place.production.person('Mara').mention} {place.production.person('Gus').mention}"
    form = await place.slash("Lena", "signoff open", piece=f"Spot {place.word}", cut=1, signers=signers)
    card = _said(await place.send("Lena", form, tools=f"{place.word} 3.1", uses=["grade"], told="told"))
    receipt = _said(await place.press("Mara", card, "Not yet"))
    await place.send("Mara", await place.press("Mara", receipt, "Add why"), reason=f"{place.word} is too dark")
    await place.slash("Jonas", "decision-log policy", piece=f"Trailer {place.word}*", signers=signers)


async def _faq(place: _Place) -> None:
    asked = _said(await place.slash("Ravi", "faq ask", question=f"Who feeds the {place.word} on Sundays at the zoo?"))
    form = await place.press("Ravi", asked, "Ask the moderators")
    await place.send("Ravi", form, question=f"Who feeds the {place.word} on Sundays?", tell=["here"])
    entry = {"id": ENTRY, "question": f"Where do {place.word} trucks park?", "answer": f"Behind hall {place.word}."}
    file = ("entries.json", json.dumps([entry]).encode())
    await place.press("Jonas", _said(await place.slash("Jonas", "faq-admin import", file=file)), "Import")


def _said(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None, "the bot did not answer"
    return result.response
