"""Send interactions to the bot, and check what must hold for any answer."""

from .hand import shown_form
from .scene import Scene, Throw
from .truth import Watch, touched

SECONDS = 3.0
"""Seconds of processor time for an answer: Discord waits no longer."""


async def answered(scene: Scene, thrown: list[Throw], said: list[str] | None = None) -> list[str]:
    """Send these at the same moment; return what was wrong with the answers, with the throws if anything was.

    Args:
        scene: where.
        thrown: what.
        said: gets every body that the bot sends meanwhile.
    """
    everywhere = any(one.everywhere for one in thrown)
    places = {0, 1} if everywhere else {one.place for one in thrown}
    others = [production.guild.id for place, production in enumerate(scene.productions) if place not in places]
    watch = Watch(scene.database.path)
    before = [watch.rows(guild_id) for guild_id in others]
    records = [scene.throw(one) for one in thrown]
    for one in thrown:
        if one.deleted:
            scene.delete(one.source)
    spent = await scene.settle()
    if said is not None:
        said += [text for _, text in scene.hearing.sent]
    found = scene.hearing.faults(everywhere=everywhere)
    found += ["no answer" for record in records if not record.responded]
    found += [f"{spent:.1f} s of processor time"] if spent > SECONDS * len(thrown) else []
    for guild_id, rows in zip(others, before, strict=True):
        found += touched(rows, watch.rows(guild_id))
    watch.close()
    for one, record in zip(thrown, records, strict=True):
        if form := shown_form(record):
            scene.forms.append((one.place, one.user_id, form, one.source))
    return [*found, *(f"thrown by {one}" for one in thrown)] if found else []
