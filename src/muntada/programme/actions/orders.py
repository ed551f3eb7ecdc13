"""What is made by the queue: ordered and put into it, both or neither."""

from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum
from muntada.programme.actions import selection_decisions, selections, task_types
from muntada.programme.models import Selection
from muntada.programme.rules.selections import Terms
from muntada.record.rules import Actor


def order_publication(*, selection: Selection, actor: Actor, now: datetime) -> bool:
    """Order the publication and put it into the queue, both or neither; not where it was published before."""
    with transaction.atomic():
        is_ordered = selection_decisions.order_publication(selection=selection, actor=actor, now=now)
        if is_ordered:
            task_types.publish_decisions.order(selection_id=selection.pk, person_id=actor.person_id)
    return is_ordered


def order_selection(*, forum: Forum, actor: Actor, now: datetime, seed: int, terms: Terms) -> Selection:
    """Order a selection and put it into the queue, both or neither."""
    with transaction.atomic():
        made = selections.order_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
        task_types.run_selection.order(selection_id=made.pk)
    return made


def start_selection_again(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Put a selection whose making was broken off into the queue anew."""
    with transaction.atomic():
        selections.reopen_selection(selection=selection, actor=actor, now=now)
        task_types.run_selection.order(selection_id=selection.pk)
