import pytest

from evidence.conftest import a_new_initiative
from muntada.evidence.initiatives.actions import initiatives
from muntada.evidence.initiatives.models import Initiative
from muntada.forums.models import Goal, Line, StageWindow
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge, Symbol
from muntada.record.queries import receipt, same_content
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db


class TestInitiatives:
    def register(self, forum, now, person=None, **named):
        actor = Actor(person.pk, "participant", forum.pk) if person else SYSTEM
        return initiatives.register_initiative(
            forum=forum, actor=actor, new=a_new_initiative(**named), now=now
        )

    def test_an_initiative_gets_a_symbol_and_its_author_a_receipt(self, forum, make_person, now):
        done = self.register(forum, now, make_person(), results="Forty villages.")
        assert str(done.initiative.symbol) == "WSIS20/I/1"
        view = receipt(forum.pk, done.receipt.code)
        assert same_content(view, "Community networks in forty villages.\n\nForty villages.")
        assert done.initiative.organisation.name == "Rural Link"

    def test_lines_goals_and_citations_are_kept(self, forum, import_text, make_person, now):
        cited = import_text().indicator.symbol
        line, goal = Line.objects.get(code="C2"), Goal.objects.get(code="9")
        done = self.register(
            forum, now, make_person(), lines=(line,), goals=(goal,), description="Because of [D/1]."
        )
        assert [*done.initiative.lines.all()] == [line]
        assert [*done.initiative.goals.all()] == [goal]
        assert Edge.objects.get(source=done.initiative.symbol).target == cited

    def test_an_unknown_citation_is_refused_and_nothing_is_kept(self, forum, make_person, now):
        with pytest.raises(Refused) as caught:
            self.register(forum, now, make_person(), description="As [D/99] shows.")
        assert (caught.value.code, caught.value.field) == ("citation-unknown", "description")
        assert not Initiative.objects.exists()
        assert not Symbol.objects.exists()

    def test_years_out_of_order_are_refused(self, forum, make_person, now):
        with pytest.raises(Refused, match="check the two years"):
            self.register(forum, now, make_person(), starts_year=2020, ends_year=2001)
        assert not Initiative.objects.exists()

    def test_a_line_of_another_framework_is_refused(self, forum, framework, make_person, now):
        framework.pk = None
        framework.version = "2"
        framework.save()
        stranger = Line.objects.create(framework=framework, code="X1", position=0, titles={"en": "X"})
        with pytest.raises(Refused) as caught:
            self.register(forum, now, make_person(), lines=(stranger,))
        assert caught.value.code == "other-framework"

    def test_nothing_is_registered_while_the_stage_is_closed(self, forum, make_person, now):
        StageWindow.objects.filter(stage="evidence").update(closes_at=now)
        with pytest.raises(Refused) as caught:
            self.register(forum, now, make_person())
        assert caught.value.code == "evidence-not-open"

    def test_an_organisation_that_is_known_by_its_name_is_not_doubled(self, forum, make_person, now):
        person = make_person()
        seated = self.register(forum, now, person, organisation_country="KE").initiative.organisation
        same = self.register(forum, now, person, organisation=" rural link ").initiative.organisation
        other = self.register(forum, now, person, organisation_country="UG").initiative.organisation
        assert (same, seated.country) == (seated, "KE")
        assert other != seated

    def test_its_author_can_withdraw_it_and_the_number_stays(self, make_initiative, make_person, now):
        person = make_person()
        initiative = make_initiative(person)
        author = Actor(person.pk, "participant", initiative.symbol.forum_id)
        initiatives.withdraw_initiative(initiative=initiative, actor=author, now=now)
        kept = Initiative.objects.get()
        assert kept.withdrawn_at == kept.symbol.withdrawn_at == now
        assert str(make_initiative(person).symbol) == "WSIS20/I/2"

    @pytest.mark.parametrize("role", list(Role))
    def test_of_all_others_only_the_secretariat_withdraws_it(self, make_initiative, make_person, now, role):
        initiative, other = make_initiative(), make_person(role)
        actor = Actor(other.pk, role, initiative.symbol.forum_id)
        if role is Role.SECRETARIAT:
            initiatives.withdraw_initiative(initiative=initiative, actor=actor, now=now)
        else:
            with pytest.raises(NotAllowed):
                initiatives.withdraw_initiative(initiative=initiative, actor=actor, now=now)
        assert (Initiative.objects.get().withdrawn_at is not None) is (role is Role.SECRETARIAT)

    def test_a_role_claimed_but_not_held_does_not_help(self, make_initiative, make_person, now):
        initiative = make_initiative()
        claimed = Actor(make_person().pk, "secretariat", initiative.symbol.forum_id)
        with pytest.raises(NotAllowed):
            initiatives.withdraw_initiative(initiative=initiative, actor=claimed, now=now)

    def test_it_is_withdrawn_once(self, make_initiative, make_person, now):
        person = make_person()
        initiative = make_initiative(person)
        actor = Actor(person.pk, "participant", initiative.symbol.forum_id)
        initiatives.withdraw_initiative(initiative=initiative, actor=actor, now=now)
        with pytest.raises(Refused) as caught:
            initiatives.withdraw_initiative(initiative=initiative, actor=actor, now=now)
        assert caught.value.code == "withdrawn"
