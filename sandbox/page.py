"""The sandbox's front page: links to the channels, what to try, who is in the crew, and how to skip time."""

import html
from datetime import timedelta

from sandbox.crew import CHANNELS, CREW, MODERATOR, Production

SKIPS = {
    "15-minutes": ("15 minutes", timedelta(minutes=15)),
    "hour": ("an hour", timedelta(hours=1)),
    "day": ("a day", timedelta(days=1)),
}
"""The spans that the page offers: the shortest poll lasts 15 minutes, and one without a deadline lasts a day."""

TRY = (
    ("/faq ask", "“why do directors rush to AI?”, then something the essays know nothing about"),
    ("/poll open", "a task such as “rough cut of the 30s spot”, then vote as three different people"),
    ("/signoff open", "a piece and its cut, signers such as “@Lena Vogt @Lighting”, then sign as them"),
    ("/help", "what the bot is for"),
)

_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Circle Take sandbox</title>
<style>
  :root {{ color-scheme: dark; }}
  body {{ margin: 0 auto; max-width: 42rem; padding: 1.5rem 1rem 3rem; background: #1e1f22; color: #dbdee1;
         font: 16px/1.5 system-ui, sans-serif; }}
  h1 {{ font-size: 1.4rem; color: #fff; }} h2 {{ font-size: 1rem; margin-top: 2rem; color: #fff; }}
  a.door {{ display: block; margin: .6rem 0; padding: .9rem 1rem; border-radius: .5rem; background: #2b2d31;
           color: #fff; text-decoration: none; border-left: 4px solid #e8b23a; }}
  a.door span {{ display: block; color: #b5bac1; font-size: .9rem; }}
  button {{ margin: 0 .4rem .4rem 0; padding: .7rem .9rem; border: 0; border-radius: .5rem; background: #3c3f45;
           color: #fff; font: inherit; }}
  ul {{ padding-left: 1.2rem; }} code {{ background: #2b2d31; padding: .1rem .3rem; border-radius: .25rem; }}
</style>
<h1>Circle Take, in a simulated Discord</h1>
<p>The real bot, a made-up crew, no account and no network. Everything is forgotten when you stop it (Ctrl+C).</p>
<h2>Open a channel</h2>
{doors}
<p>On the channel's page, choose who you are under “Viewing as”. One channel is open at a time.</p>
<h2>Let time pass</h2>
<p>It is {now} (UTC) here. Polls close by themselves when they are due; skip ahead to see it.</p>
<form method="post">{skips}</form>
<h2>Things to try</h2>
<ul>{tries}</ul>
<p>On a phone, Send runs the command; the number beside it, such as “+4 more”, adds options.</p>
<h2>The crew of {guild}</h2>
<ul>{people}</ul>
</html>
"""


def front_page(production: Production) -> str:
    """Render the front page as HTML."""
    doors = "".join(
        f'<a class="door" href="/channel/{html.escape(name)}">#{html.escape(name)}<span>{html.escape(topic)}</span></a>'
        for name, topic in CHANNELS.items()
    )
    tries = "".join(f"<li><code>{html.escape(call)}</code> {html.escape(text)}</li>" for call, text in TRY)
    people = "".join(
        f"<li>{html.escape(name)}, {html.escape(', '.join(departments))}{_rank(name)}</li>"
        for name, departments in CREW.items()
    )
    skips = "".join(f'<button formaction="/later/{span}">Skip {label}</button>' for span, (label, _) in SKIPS.items())
    now = f"{production.env.now():%A, %d %B, %H:%M}"
    guild = html.escape(production.guild.name)
    return _FRAME.format(doors=doors, tries=tries, people=people, guild=guild, now=now, skips=skips)


def _rank(name: str) -> str:
    return " · moderator" if name == MODERATOR else ""
