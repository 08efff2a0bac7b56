"""What a person can do in Discord's client: commands, buttons, selects, modals, keystrokes."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.limits.components import SELECTS, ComponentType, walk

from .answers import Answers
from .forms import filled_in
from .gateway import Gateway
from .options import Resolved, Unusable, fill, find
from .registry import Registry
from .reply import Asked, Reply
from .world import EVERYDAY, Channel, Json, Member, Message

BY_SERVER, BY_PERSON = 0, 1
"""Integration types: who can add the application. New applications allow both."""

IN_SERVERS = 0
"""The context of commands that are used in a server; there are no direct messages here."""

ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024


class Actors:
    """Each act sends one interaction and returns once the bot answered, or 3 s passed without an answer.

    Any number may run at once. An act that Discord's client would not offer raises `Unusable`.

    Attributes:
        outdated: whether clients still show commands as they were before the bot said who may bring them where.
    """

    def __init__(
        self,
        new_id: Callable[[], int],
        application_id: int,
        registry: Registry,
        gateway: Gateway,
        answers: Answers,
        clock: Callable[[], float],
    ) -> None:
        self._new_id = new_id
        self._application_id = application_id
        self._registry = registry
        self._gateway = gateway
        self._answers = answers
        self._clock = clock
        self.outdated = False

    async def slash(self, member: Member, channel: Channel, command: str, /, **options: object) -> Reply:
        """Use a slash command, such as ``"poll open"``, with its options by name.

        Values are typed by the registered command: str, int, bool, float, Member, Role, Channel, Attachment.
        """
        top, chain, owners = self._permitted(member, command)
        resolved = Resolved()
        described = (chain[-1] if chain else top).get("options") or []
        data = _command_data(top, chain, fill(described, options, resolved))
        return await self._ask(Asked.COMMAND, member, channel, data | {"resolved": resolved.data}, owners)

    async def autocomplete(
        self, member: Member, channel: Channel, command: str, option: str, typed: str, /, **others: object
    ) -> Reply:
        """Type into an option; ``others`` are the options filled in before. See `Reply.choices`."""
        top, chain, owners = self._permitted(member, command)
        described = (chain[-1] if chain else top).get("options") or []
        focused = next((one for one in described if one["name"] == option), None)
        if focused is None or not focused.get("autocomplete"):
            raise Unusable(f"/{command}: {option} has no autocomplete")
        lenient = [one | {"required": False} for one in described]
        entry = {"name": option, "type": focused["type"], "value": typed, "focused": True}
        data = _command_data(top, chain, [*fill(lenient, others, Resolved()), entry])
        return await self._ask(Asked.AUTOCOMPLETE, member, channel, data, owners)

    async def menu(self, member: Member, channel: Channel, name: str, target: Message | Member, /) -> Reply:
        """Use a context menu command on a message or a person."""
        kind = 3 if isinstance(target, Message) else 2
        command = next((one for one in self._offered(member) if (one["name"], one["type"]) == (name, kind)), None)
        if command is None:
            raise Unusable(f"no context menu entry {name!r}")
        _may(member, command)
        resolved = Resolved()
        if isinstance(target, Message):
            resolved.data["messages"] = {f"{target.id}": target.payload()}
        else:
            resolved.add(target)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": f"{target.id}"}
        owners = self._owners(member, self._brought_by(command))
        return await self._ask(Asked.COMMAND, member, channel, data | {"resolved": resolved.data}, owners)

    async def press(
        self,
        member: Member,
        message: Message | None,
        *,
        custom_id: str = "",
        label: str = "",
        values: Sequence[object] = (),
        forged: bool = False,
    ) -> Reply:
        """Press the button, or choose ``values`` in the select, with this custom_id or label.

        ``forged`` sends the custom_id of a button, or with ``values`` of a select, that the message does not offer,
        which discord.py's ``DynamicItem`` ignores and ``on_interaction`` sees.
        """
        if message is None:
            raise Unusable("there is no message to press on")
        if message.seen_by not in (None, member):
            raise Unusable(f"{member.name} does not see this message")
        kind = ComponentType.STRING_SELECT if values else ComponentType.BUTTON
        pressed = {"type": int(kind), "custom_id": custom_id} if forged else _component(message, custom_id, label)
        resolved = Resolved()
        data = {"component_type": pressed["type"], "custom_id": pressed["custom_id"]}
        if pressed["type"] in SELECTS:
            data |= {"values": [resolved.add(one) for one in values], "resolved": resolved.data}
        owners = self._owners(member) or message.owners
        return await self._ask(Asked.COMPONENT, member, message.channel, data, owners, source=message)

    async def submit(self, member: Member, opened: Reply, values: Mapping[str, object] | None = None) -> Reply:
        """Send the modal that a reply opened, with values by custom_id; the rest keeps its preset."""
        if not opened.modal:
            raise Unusable(f"the reply is {opened.kind}, not a modal")
        resolved = Resolved()
        components = filled_in(opened.modal, values or {}, resolved)
        data = {"custom_id": opened.modal["custom_id"], "components": components, "resolved": resolved.data}
        owners = self._owners(member) or opened.owners
        return await self._ask(Asked.MODAL, member, opened.channel, data, owners, source=opened.source)

    def _permitted(self, member: Member, words: str) -> tuple[Json, list[Json], Json]:
        """The command, the chain of subcommands, and who added the application that offers it."""
        command, chain = find(self._offered(member), words)
        _may(member, command)
        return command, chain, self._owners(member, self._brought_by(command))

    def _offered(self, member: Member) -> list[Json]:
        """What a member can pick from: commands that the server, or the member, brings there."""
        commands = self._registry.visible(member.guild.id)
        here = [one for one in commands if self.outdated or IN_SERVERS in (one.get("contexts") or [IN_SERVERS])]
        return [one for one in here if self._owners(member, self._brought_by(one))]

    def _brought_by(self, command: Json) -> Sequence[int]:
        """The integration types of a command; one that is registered in a server is there for that server."""
        if "guild_id" in command:
            return (BY_SERVER,)
        everything = (BY_SERVER, BY_PERSON)
        return everything if self.outdated else command.get("integration_types") or everything

    def _owners(self, member: Member, types: Sequence[int] = (BY_SERVER, BY_PERSON)) -> Json:
        """Who added the application to use it here, as Discord says it with an interaction."""
        added = {BY_SERVER: member.guild.invited, BY_PERSON: member.brings_bot}
        ids = {BY_SERVER: member.guild.id, BY_PERSON: member.id}
        return {f"{kind}": f"{ids[kind]}" for kind in types if added[kind]}

    async def _ask(
        self,
        asked: Asked,
        member: Member,
        channel: Channel,
        data: Json,
        owners: Json,
        *,
        source: Message | None = None,
    ) -> Reply:
        token = secrets.token_urlsafe(32)
        reply = Reply(self._new_id(), token, asked, member, channel, source, owners, clock=self._clock)
        self._answers.expect(reply)
        payload = self._payload(reply, data)
        await self._gateway.send(member.guild.id, "INTERACTION_CREATE", payload)
        await reply.answered()
        return reply

    def _payload(self, reply: Reply, data: Json) -> Json:
        guild = reply.member.guild
        identity = {"id": f"{reply.id}", "application_id": f"{self._application_id}", "token": reply.token}
        place = {"guild_id": f"{guild.id}", "channel_id": f"{reply.channel.id}"}
        objects = {"channel": reply.channel.payload(), "member": reply.member.payload()}
        objects["guild"] = {"id": f"{guild.id}", "locale": "en-GB", "features": []}
        if reply.source is not None:
            objects["message"] = reply.source.payload()
        context = {"context": IN_SERVERS, "authorizing_integration_owners": reply.owners, "entitlements": []}
        limits = {"attachment_size_limit": ATTACHMENT_SIZE_LIMIT, "app_permissions": f"{EVERYDAY.value}"}
        words = {"type": int(reply.asked), "version": 1, "locale": "en-GB", "guild_locale": "en-GB", "data": data}
        return identity | place | objects | context | limits | words


def _command_data(command: Json, chain: list[Json], options: list[Json]) -> Json:
    """The options wrapped in the subcommands that lead to them."""
    for step in reversed(chain):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    scope = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return {"id": command["id"], "name": command["name"], "type": 1, "options": options} | scope


def _may(member: Member, command: Json) -> None:
    needed = int(command.get("default_member_permissions") or 0)
    allowed = member.allowed()
    if not allowed.administrator and allowed.value & needed != needed:
        raise Unusable(f"{member.name} does not see /{command['name']}")


def _component(message: Message, custom_id: str, label: str) -> Json:
    for component in _pressable(message):
        if component["custom_id"] == custom_id or (label and component.get("label") == label):
            if component.get("disabled"):
                raise Unusable(f"{custom_id or label!r} is disabled")
            return component
    offered = [component.get("label") or component["custom_id"] for component in _pressable(message)]
    raise Unusable(f"the message does not offer {custom_id or label!r}, only {offered}")


def _pressable(message: Message) -> Iterator[Json]:
    for _, component in walk("components", message.components):
        if component["type"] in SELECTS | {ComponentType.BUTTON} and component.get("custom_id"):
            yield component
