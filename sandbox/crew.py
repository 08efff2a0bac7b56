"""A made-up production: the server, its channels, and the people who work on it."""

from dataclasses import dataclass
from typing import Self

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle

GUILD = "Harbour Lights (commercial)"
CHANNELS = {"crew": "Questions and votes", "delivery": "Cuts on their way to the client"}
MODERATOR = "Jonas Okafor"
CREW = {
    "Mara Lindqvist": ("Direction",),
    "Jonas Okafor": ("Production",),
    "Ines Duarte": ("Camera",),
    "Tomasz Wilk": ("Camera",),
    "Gus Ferreira": ("Lighting",),
    "Priya Nair": ("Lighting",),
    "Lena Vogt": ("Editorial",),
    "Sam Achebe": ("Editorial",),
    "Ravi Menon": ("Sound",),
}
"""Everybody's departments: a director, a producer who moderates, a DP and her assistant, a gaffer and his best boy, an
editor and her assistant, a sound mixer."""


@dataclass(frozen=True, slots=True)
class Production:
    """The server in a running simulation, with handles to act as anyone in it."""

    env: Env
    guild: GuildHandle
    channels: dict[str, ChannelHandle]
    departments: dict[str, RoleHandle]
    people: dict[str, MemberActor]

    @classmethod
    def create(cls, env: Env, name: str = GUILD) -> Self:
        """Create the production in `env`."""
        guild = env.create_guild(name)
        departments = {
            role: guild.create_role(role) for role in dict.fromkeys(role for roles in CREW.values() for role in roles)
        }
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        people = {}
        for person, roles in CREW.items():
            user = env.create_user(person.split()[0].lower(), global_name=person)
            held = [departments[role] for role in roles] + ([moderators] if person == MODERATOR else [])
            people[person] = guild.add_member(user, roles=held)
        channels = {channel: guild.create_text_channel(channel, topic=topic) for channel, topic in CHANNELS.items()}
        return cls(env, guild, channels, departments, people)

    def person(self, name: str) -> MemberActor:
        """Return the member whose name begins with `name`.

        Raises:
            KeyError: there is no such member.
        """
        for full_name, member in self.people.items():
            if full_name.startswith(name):
                return member
        raise KeyError(name)
