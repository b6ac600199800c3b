"""The team of a project (项目组): who leads it and who takes part. Whoever took part in a round does not judge it."""

from collections.abc import Mapping
from typing import Annotated

from bot.errors import Mention, Message
from bot.improvement.forms import Reason
from bot.improvement.presets import kept
from bot.improvement.reports import expect_report, first_month
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import FormCode
from bot.people.roles import mgmt_rep, owner, project_manager
from bot.workflow import Change, Form, Member, Members, Scene, StepTable
from bot.workflow.fields import Setting
from bot.workflow.step import Values

team = StepTable("improvement")


class Team(Form):
    """Who leads and who takes part."""

    project_manager: Annotated[str, Member()]
    members: Annotated[list[str], Members(20)]

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """A team is more than its manager."""
        alone = not set(self.members) - {self.project_manager}
        return {"members": Message("invalid.team_of_one")} if alone else {}


class NewTeam(Team):
    """Who leads and who takes part from now on, and why that changes."""

    reason: Reason


TEAM = tuple(Team.model_fields)


def _proposed(scene: Scene, _person: str) -> Values:
    shown = {"project_manager": scene.value("proposed_manager"), "members": scene.value("proposed_members")}
    return {name: value for name, value in shown.items() if value}


@team.step(from_=[Stage.ESTABLISHED], to=Stage.EXECUTING, who=owner | mgmt_rep, preset=_proposed, about=TEAM, rank=10)
def form_team(change: Change, form: Team) -> None:
    """Appoint the team (组建项目组): work begins, and with it the monthly report."""
    change.stop("team_due")
    _appoint(change, form)
    expect_report(change, first_month(change.scene, change.today))
    for person in dict.fromkeys((form.project_manager, *form.members)):
        news = "manager_now" if person == form.project_manager else "team_formed"
        change.notify(person, news, manager=Mention(form.project_manager))
    change.tell([change.record.owner], "team_formed", manager=Mention(form.project_manager))


@team.step(from_=[Stage.EXECUTING], who=project_manager | owner | mgmt_rep, preset=kept(*TEAM), about=TEAM, rank=56)
def change_team(change: Change, form: NewTeam) -> None:
    """Change the team (调整项目组); old and new people hear of it."""
    before, led_by = everybody(change.scene), change.scene.value("project_manager")
    _appoint(change, form)
    if form.project_manager != led_by:
        change.notify(form.project_manager, "manager_now")
    manager = Mention(form.project_manager)
    change.tell([*everybody(change.scene), *before], "team_changed", manager=manager, reason=form.reason)


def everybody(scene: Scene) -> list[str | None]:
    """Owner, manager and members of a project."""
    return [scene.item.owner, scene.item.values.get("project_manager"), *scene.item.values.get("members", [])]


def _appoint(change: Change, form: Team) -> None:
    appointed = {"project_manager": form.project_manager, "members": form.members}
    change.put(**appointed)
    change.relate("member", form.project_manager, *form.members)
    change.fill(FormCode.CHARTER, appointed)
