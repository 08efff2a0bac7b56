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

ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024


class Actors:
    """Each act sends one interaction and returns once the bot answered, or 3 s passed without an answer.

    Any number may run at once. An act that Discord's client would not offer raises `Unusable`.
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

    async def slash(self, member: Member, channel: Channel, command: str, /, **options: object) -> Reply:
        """Use a slash command, such as ``"poll open"``, with its options by name.

        Values are typed by the registered command: str, int, bool, float, Member, Role, Channel, Attachment.
        """
        top, chain = self._permitted(member, command)
        resolved = Resolved()
        described = (chain[-1] if chain else top).get("options") or []
        data = _command_data(top, chain, fill(described, options, resolved))
        return await self._ask(Asked.COMMAND, member, channel, data | {"resolved": resolved.data})

    async def autocomplete(
        self, member: Member, channel: Channel, command: str, option: str, typed: str, /, **others: object
    ) -> Reply:
        """Type into an option; ``others`` are the options filled in before. See `Reply.choices`."""
        top, chain = self._permitted(member, command)
        described = (chain[-1] if chain else top).get("options") or []
        focused = next((one for one in described if one["name"] == option), None)
        if focused is None or not focused.get("autocomplete"):
            raise Unusable(f"/{command}: {option} has no autocomplete")
        lenient = [one | {"required": False} for one in described]
        entry = {"name": option, "type": focused["type"], "value": typed, "focused": True}
        data = _command_data(top, chain, [*fill(lenient, others, Resolved()), entry])
        return await self._ask(Asked.AUTOCOMPLETE, member, channel, data)

    async def menu(self, member: Member, channel: Channel, name: str, target: Message | Member, /) -> Reply:
        """Use a context menu command on a message or a person."""
        kind = 3 if isinstance(target, Message) else 2
        commands = self._registry.visible(member.guild.id)
        command = next((one for one in commands if (one["name"], one["type"]) == (name, kind)), None)
        if command is None:
            raise Unusable(f"no context menu entry {name!r}")
        _may(member, command)
        resolved = Resolved()
        if isinstance(target, Message):
            resolved.data["messages"] = {f"{target.id}": target.payload()}
        else:
            resolved.add(target)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": f"{target.id}"}
        return await self._ask(Asked.COMMAND, member, channel, data | {"resolved": resolved.data})

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

        ``forged`` sends a button's custom_id that the message does not offer, which discord.py's
        ``DynamicItem`` ignores and ``on_interaction`` sees.
        """
        if message is None:
            raise Unusable("there is no message to press on")
        if message.seen_by not in (None, member):
            raise Unusable(f"{member.name} does not see this message")
        pressed = {"type": 2, "custom_id": custom_id} if forged else _component(message, custom_id, label)
        resolved = Resolved()
        data = {"component_type": pressed["type"], "custom_id": pressed["custom_id"]}
        if pressed["type"] in SELECTS:
            data |= {"values": [resolved.add(one) for one in values], "resolved": resolved.data}
        return await self._ask(Asked.COMPONENT, member, message.channel, data, source=message)

    async def submit(self, member: Member, opened: Reply, values: Mapping[str, object] | None = None) -> Reply:
        """Send the modal that a reply opened, with values by custom_id; the rest keeps its preset."""
        if not opened.modal:
            raise Unusable(f"the reply is {opened.kind}, not a modal")
        resolved = Resolved()
        components = filled_in(opened.modal, values or {}, resolved)
        data = {"custom_id": opened.modal["custom_id"], "components": components, "resolved": resolved.data}
        return await self._ask(Asked.MODAL, member, opened.channel, data, source=opened.source)

    def _permitted(self, member: Member, words: str) -> tuple[Json, list[Json]]:
        command, chain = find(self._registry.visible(member.guild.id), words)
        _may(member, command)
        return command, chain

    async def _ask(
        self, asked: Asked, member: Member, channel: Channel, data: Json, *, source: Message | None = None
    ) -> Reply:
        reply = Reply(self._new_id(), secrets.token_urlsafe(32), asked, member, channel, source, clock=self._clock)
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
        context = {"context": 0, "authorizing_integration_owners": {"0": f"{guild.id}"}, "entitlements": []}
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
