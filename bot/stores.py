"""All stores of one database."""

from dataclasses import dataclass
from typing import Self

from db.decision_log.anchors import AnchorStore
from db.decision_log.store import DecisionStore
from db.decision_log.voids import VoidStore
from db.engine.app_state import AppState
from db.engine.database import Database
from db.faq.entries import FaqEntryStore
from db.faq.queue import FaqQueueStore
from db.faq.store import FaqStore
from db.my_data.store import MyDataStore
from db.polls.outcomes import OutcomeStore
from db.polls.store import PollStore
from db.servers import ServerStore
from db.settings import SettingsStore
from db.signoffs.dues import DueStore
from db.signoffs.policies import PolicyStore
from db.signoffs.store import SignoffStore


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of data."""

    app: AppState
    settings: SettingsStore
    faq: FaqStore
    faq_entries: FaqEntryStore
    faq_queue: FaqQueueStore
    polls: PollStore
    outcomes: OutcomeStore
    signoffs: SignoffStore
    dues: DueStore
    policies: PolicyStore
    decisions: DecisionStore
    voids: VoidStore
    anchors: AnchorStore
    my_data: MyDataStore
    servers: ServerStore

    @classmethod
    def of(cls, database: Database) -> Self:
        """Make the stores of a database."""
        return cls(
            app=AppState(database),
            settings=SettingsStore(database),
            faq=FaqStore(database),
            faq_entries=FaqEntryStore(database),
            faq_queue=FaqQueueStore(database),
            polls=PollStore(database),
            outcomes=OutcomeStore(database),
            signoffs=SignoffStore(database),
            dues=DueStore(database),
            policies=PolicyStore(database),
            decisions=DecisionStore(database),
            voids=VoidStore(database),
            anchors=AnchorStore(database),
            my_data=MyDataStore(database),
            servers=ServerStore(database),
        )
