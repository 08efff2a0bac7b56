"""All stores of one database."""

from dataclasses import dataclass
from typing import Self

from db.decision_log.anchors import AnchorStore
from db.decision_log.store import DecisionStore
from db.decision_log.voids import VoidStore
from db.engine.app_state import AppState
from db.engine.database import Database
from db.export.log_reader import ExportStore
from db.faq.entries import FaqEntryStore
from db.faq.queue import FaqQueueStore
from db.faq.store import FaqStore
from db.my_data.store import MyDataStore
from db.polls.outcomes import OutcomeStore
from db.polls.store import PollStore
from db.servers import ServerStore
from db.settings import SettingsStore
from db.signoffs.drafts import SignoffDraftStore
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
    signoff_drafts: SignoffDraftStore
    dues: DueStore
    policies: PolicyStore
    decisions: DecisionStore
    exports: ExportStore
    voids: VoidStore
    anchors: AnchorStore
    my_data: MyDataStore
    servers: ServerStore

    @classmethod
    def of(cls, database: Database) -> Self:
        """Make the stores of a database."""
        signoffs = SignoffStore(database)
        return cls(
            app=AppState(database),
            settings=SettingsStore(database),
            faq=FaqStore(database),
            faq_entries=FaqEntryStore(database),
            faq_queue=FaqQueueStore(database),
            polls=PollStore(database),
            outcomes=OutcomeStore(database),
            signoffs=signoffs,
            signoff_drafts=SignoffDraftStore(database),
            dues=DueStore(database),
            policies=PolicyStore(database),
            decisions=DecisionStore(database),
            exports=ExportStore(database),
            voids=VoidStore(database, signoffs.clear_cache),
            anchors=AnchorStore(database),
            my_data=MyDataStore(database, signoffs.clear_cache),
            servers=ServerStore(database, signoffs.clear_cache),
        )
