"""Draw what to throw: commands, keystrokes, presses and forms, current and outdated, valid and broken."""

import json
from typing import Any

from hypothesis import strategies as st
from simcord.backend import serializers
from simcord.backend.models import Interaction, Message

from tests.domain.proof.logs import proof, working_day
from tests.limits.components import GROUPS, SELECTS, ComponentType

from . import texts
from .scene import Scene, Throw
from .script import ENTRY
from .surface import Json, Option, component_of, controls, custom_ids, form_of, mutated

BEHIND = (1, 60, 3600, 30 * 86_400)
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
FILES = (
    b"",
    b"\xff\xfe\x00",
    b"[",
    b"[" * 100_000,
    b"[]",
    b'[{"question": "Where is the unit base?", "answer": "On the quay."}]',
    b'[{"id": "truck-parking", "question": "Where do trucks park now?", "answer": "Nowhere."}]',
    b'{"question": 1}',
    b'[[entry]]\nquestion = "When is the wrap?"\nanswer = "Late."',
    b"".join(proof(working_day())),
    b"".join(proof(working_day())[:-2]),
)


class Hand:
    """Draws from what exists; `data` is hypothesis's."""

    def __init__(self, data: st.DataObject, scene: Scene) -> None:
        self._data, self._scene, self._backend = data, scene, scene.env.backend
        self._surface = scene.surface
        self._place = 0

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        """Draw from `strategy`."""
        return self._data.draw(strategy)

    def one_of(self, things: Any) -> Any:
        """Draw one of these things."""
        return self.draw(st.sampled_from(list(things)))

    def now_and_then(self) -> bool:
        """Return True about once in eight times."""
        return bool(self.draw(st.integers(0, 7)) == 7)

    def throw(self) -> Throw:
        """Draw the next throw."""
        self._place = self.draw(st.integers(0, 1))
        ways = [self._command, self._command, self._typing, self._menu, self._old_button, self._old_form]
        if self._scene.messages(self._place):
            ways += [self._press] * 4
        if any(place == self._place for place, *_ in self._scene.forms):
            ways += [self._form] * 3
        thrown: Throw = self.one_of(ways)()
        thrown.locale = self.draw(texts.LOCALES) if self.now_and_then() else "en-US"
        thrown.behind = self.one_of(BEHIND) if self.now_and_then() else 0
        thrown.deleted = thrown.source is not None and self.now_and_then()
        return thrown

    def _throw(self, kind: int, data: Json, source: Message | None = None, user_id: int = 0) -> Throw:
        return Throw(self._place, user_id or self.one_of(self._scene.people(self._place)), kind, data, source)

    def _command(self) -> Throw:
        leaf = self.one_of(self._surface.leaves)
        options: list[Json] = []
        resolved: Json = {}
        for option in leaf.options:
            if option.get("required") != self.now_and_then() or self.draw(st.booleans()):
                value = self._value(option, resolved)
                options.append({"name": option["name"], "type": option["type"], "value": value})
        if self.now_and_then():
            resolved = {}
        return self._throw(COMMAND, leaf.data(options, resolved))

    def _typing(self) -> Throw:
        leaf, option = self.one_of(self._surface.typed)
        typed = {"name": option["name"], "type": option["type"], "value": self.draw(texts.TEXTS), "focused": True}
        return self._throw(AUTOCOMPLETE, leaf.data([typed], {}))

    def _menu(self) -> Throw:
        menu, message = self.one_of(self._surface.menus), self.one_of(self._scene.said(self._place))
        payload: Json = dict(serializers.message_payload(self._backend, message))
        if self.draw(st.booleans()):
            payload["content"] = self.draw(texts.TEXTS)
        if self.draw(st.booleans()):
            payload["author"] = {**payload["author"], "id": str(self.one_of(self._scene.people(self._place)))}
        data = {key: menu[key] for key in ("id", "name", "type")} | {"target_id": str(message.id)}
        resolved: Json = {} if self.now_and_then() else {"messages": {str(message.id): payload}}
        return self._throw(COMMAND, data | {"resolved": resolved})

    def _press(self) -> Throw:
        message = self.one_of(self._scene.messages(self._place))
        return self._throw(COMPONENT, self._pressed(self.one_of(controls(message.components))), message)

    def _old_button(self) -> Throw:
        item = self.one_of(self._surface.items)
        custom_id = self.draw(custom_ids(item.pattern, self._known()))
        component = component_of(item, custom_id)
        if self.now_and_then():
            component["custom_id"] = self.draw(mutated(custom_id)) or "x"
        message = self._scene.post(self._place, component, ephemeral=self.draw(st.booleans()))
        return self._throw(COMPONENT, self._pressed(component), message)

    def _pressed(self, component: Json) -> Json:
        data = {"custom_id": component["custom_id"], "component_type": component["type"]}
        if component["type"] in SELECTS:
            data["values"] = self._chosen(component)
        return data

    def _form(self) -> Throw:
        seen = [one for one in self._scene.forms if one[0] == self._place]
        _, user_id, form, source = self.one_of(seen)
        return self._throw(MODAL, self._filled(form), source, 0 if self.now_and_then() else user_id)

    def _old_form(self) -> Throw:
        kind = self.one_of(self._surface.forms)
        custom_id = self.draw(custom_ids(kind.pattern, self._known()))
        form = form_of(kind, custom_id)
        if self.now_and_then():
            form["custom_id"] = self.draw(mutated(custom_id))
        return self._throw(MODAL, self._filled(form))

    def _filled(self, form: Json) -> Json:
        resolved: Json = {}
        kept = [one for one in controls(form["components"]) if not self.now_and_then()]
        rows: list[Json] = [{"type": ComponentType.LABEL, "component": self._field(one, resolved)} for one in kept]
        if self.now_and_then():
            rows.append({"type": 18, "component": {"type": 4, "custom_id": "stranger", "value": "?"}})
        return {"custom_id": form["custom_id"], "components": rows, "resolved": resolved}

    def _field(self, control: Json, resolved: Json) -> Json:
        field = {"type": control["type"], "custom_id": control["custom_id"]}
        if self.now_and_then():
            return field | {self.one_of(("value", "values")): self.draw(texts.JSON)}
        if control["type"] == ComponentType.TEXT_INPUT:
            return field | {"value": self._text(control)}
        if control["type"] == ComponentType.RADIO_GROUP:
            return field | {"value": next(iter(self._chosen(control)), None)}
        if control["type"] == ComponentType.USER_SELECT:
            return field | {"values": [self._snowflake(Option.USER, resolved)]}
        assert control["type"] in SELECTS | GROUPS, f"nothing fills a field of type {control['type']}"
        return field | {"values": self._chosen(control)}

    def _text(self, control: Json) -> str:
        """Draw what somebody writes into a field, usually within its length."""
        text: str = self.draw(texts.TEXTS)
        fits = text[: control.get("max_length") or 4000]
        return text if self.now_and_then() else fits.ljust(control.get("min_length") or 0, "x")

    def _chosen(self, component: Json) -> list[str]:
        offered = [one["value"] for one in component.get("options") or ()] or ["x"]
        if self.now_and_then():
            return list(self.draw(st.lists(texts.TEXTS | st.sampled_from(self._known()), max_size=3)))
        return [self.one_of(offered)]

    def _value(self, option: Json, resolved: Json) -> object:
        kind = Option(option["type"])
        if kind is Option.STRING:
            offered = [choice["value"] for choice in option.get("choices") or ()]
            return self.one_of(offered) if offered and not self.now_and_then() else self._string(option)
        if kind in {Option.INTEGER, Option.NUMBER}:
            return self.draw(st.integers(1, 4) | texts.INTEGERS)
        return self.draw(st.booleans()) if kind is Option.BOOLEAN else self._snowflake(kind, resolved)

    def _string(self, option: Json) -> str:
        text: str = self.draw(texts.TEXTS | st.sampled_from(self._mentions()) | st.sampled_from(self._known()))
        return text if self.now_and_then() else text[: option.get("max_length", 6000)]

    def _snowflake(self, kind: Option, resolved: Json) -> str:
        """Draw an id of that kind, with its object, from either server, or one that does not exist."""
        if kind is Option.ATTACHMENT:
            return self._file(resolved)
        if self.now_and_then():
            return str(self.draw(texts.SNOWFLAKES))
        production = self._scene.productions[self.draw(st.sampled_from((self._place, self._place, 1 - self._place)))]
        guild = self._backend.guilds[production.guild.id]
        if kind is Option.ROLE or (kind is Option.MENTIONABLE and self.draw(st.booleans())):
            role = self.one_of(guild.roles.values())
            resolved.setdefault("roles", {})[str(role.id)] = dict(serializers.role_payload(role))
            return str(role.id)
        if kind is Option.CHANNEL:
            channel = self._backend.channels[self.one_of(production.channels.values()).id]
            payload = dict(serializers.channel_payload(self._backend, channel)) | {"permissions": "0"}
            resolved.setdefault("channels", {})[str(channel.id)] = payload
            return str(channel.id)
        return self._user(self.one_of([*guild.members]), guild, resolved)

    def _user(self, user_id: int, guild: Any, resolved: Json) -> str:
        user = serializers.user_payload(self._backend.get_user(user_id))
        resolved.setdefault("users", {})[str(user_id)] = dict(user)
        if not self.now_and_then():
            member = serializers.member_payload(self._backend, guild, guild.members[user_id], with_user=False)
            resolved.setdefault("members", {})[str(user_id)] = dict(member) | {"permissions": "0"}
        return str(user_id)

    def _file(self, resolved: Json) -> str:
        name = self.one_of(("entries.json", "entries.TOML", "proof.jsonl", "x", "\u202e.nosj"))
        channel_id = self._scene.productions[self._place].channels["crew"].id
        number = self._backend.snowflake()
        data = self.one_of(FILES)
        file = self._backend.cdn.store_attachment(number, channel_id, name, data, None)
        if self.now_and_then():
            file["size"] = self.one_of((0, 2**40))
        if self.now_and_then():
            file["url"] += "?gone"
        resolved.setdefault("attachments", {})[str(number)] = file
        return str(number)

    def _mentions(self) -> list[str]:
        """Draw people and roles of both servers, written like signers."""
        both = [self._backend.guilds[production.guild.id] for production in self._scene.productions]
        people = [f"<@{user_id}>" for guild in both for user_id in guild.members]
        return [*people, *(f"<@&{role_id}>" for guild in both for role_id in guild.roles), " ".join(people)]

    def _known(self) -> list[str]:
        """Return ids of both servers: people, roles, messages, drafts, and the small numbers of polls and entries."""
        users = [str(user_id) for place in (0, 1) for user_id in self._scene.people(place)]
        posts = [str(message.id) for place in (0, 1) for message in self._scene.messages(place)]
        drafts = [str(number) for number in self._backend.interactions]
        return [*"012345", "99", ENTRY, "server", "all", "signed", "execution", *users[:4], *posts[-4:], *drafts[-6:]]


def shown_form(record: Interaction) -> Json | None:
    """Return the form that an interaction opened."""
    return json.loads(json.dumps(record.modal)) if record.modal else None
