"""The button that gets an export month by month; all of the filter travels in its custom_id."""

from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

from bot.custom_ids import digits, one_of
from bot.export.file import ExportRequest, Format, parse_days
from bot.ui import Interaction, PersistentButton, act_of, guild_of
from domain.errors import DomainError
from domain.export.filters import Filter, Kind
from domain.polls import poll as polls
from domain.signoffs import choices

if TYPE_CHECKING:
    from cogs.decision_log.exporting import Exporter

OFFER_STANDS = timedelta(minutes=15)
COG = "DecisionLog"
ANY = "any"
NO_DAY = "0"


class MonthsButton(
    PersistentButton, custom_id="export:months:{file_format}:{first}:{last}:{about}:{person}:{answer}:{kind}"
):
    """Writes a file for each month. Only whoever asked for the export sees it, and only for a while."""

    file_format: Format
    first: Annotated[str, digits(8)]
    last: Annotated[str, digits(8)]
    about: Annotated[str, digits(15)]
    person: Annotated[str, digits(19)]
    answer: Annotated[str, one_of(ANY, *choices.SignoffVerdict, *polls.PollVerdict)]
    kind: Kind
    label = "Send it month by month"

    @classmethod
    def for_request(cls, request: ExportRequest, about: int) -> "MonthsButton":
        """The button for a request; `about` is an entry about the piece that was asked for, 0 for none."""
        wanted = request.wanted
        first, last = (f"{day:%Y%m%d}" if day else NO_DAY for day in request.days)
        person, answer = str(wanted.person or 0), wanted.verdict or ANY
        return cls(request.format, first, last, str(about), person, answer, wanted.kind)

    async def act(self, interaction: Interaction) -> None:
        """Write the files and send them."""
        message = interaction.message
        if message is None or not message.flags.ephemeral or interaction.created_at - message.created_at > OFFER_STANDS:
            raise DomainError("decision_log.offer_over")
        act = act_of(interaction)
        zone = (await interaction.client.stores.settings.get(guild_of(interaction))).zone
        request = ExportRequest(self.file_format, act.at, act.actor.name, await self._filter(interaction, zone), zone)
        await exporter_of(interaction).send_months(interaction, request)

    async def _filter(self, interaction: Interaction, zone: tzinfo) -> Filter:
        piece = None
        if about := int(self.about):
            entry = await interaction.client.stores.decisions.entry(guild_of(interaction), about)
            piece = entry.subject.piece
            if piece is None:  # erased meanwhile; without it the filter would let everything through
                raise DomainError("decision_log.offer_over")
        since, until = parse_days(_day(self.first), _day(self.last), zone)
        verdict = None if self.answer == ANY else self.answer
        return Filter(since, until, piece, int(self.person) or None, verdict, self.kind)


def _day(digits: str) -> str | None:
    """As `parse_days` reads it, which says so if it is no day."""
    return None if digits == NO_DAY else f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def exporter_of(interaction: Interaction) -> "Exporter":
    """The one that the command uses, so that both keep the same pace."""
    cog: Any = interaction.client.get_cog(COG)
    exporter: Exporter = cog.exporter
    return exporter


BUTTONS = (MonthsButton,)
