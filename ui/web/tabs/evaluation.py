"""The evaluation: runs that were made, one run's figures and questions, and two runs compared."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import gradio as gr
from gradio.context import Context

from assistant.evaluation.comparing import compare
from assistant.evaluation.listing import Fingerprint, ListedRun, RunLibrary
from assistant.evaluation.report.asked import MISSED, all_asked, matching, outcome
from assistant.evaluation.report.plots import svg_plots
from assistant.evaluation.run_folder import SystemRun
from corpus.errors import AssistantError
from ui.web.desk import QUIET, Desk
from ui.web.rendering.compared_runs import comparison_html
from ui.web.rendering.evaluated_questions import position_html, questions_html
from ui.web.rendering.evaluation import fault_html, figures_html, plots_html, runs_html

#: How the tab's own HTML is made: Gradio's style of prose is not for tables.
HTML: dict[str, Any] = {"elem_classes": "evaluation", "apply_default_css": False}
#: Questions shown at a time.
PAGE = 25
OUTCOMES = (
    ("missed (all but correct)", MISSED),
    ("wrong", "wrong"),
    ("abstained, though there is an answer", "abstained"),
    ("failed", "failed"),
    ("correct", "correct"),
    ("any", ""),
)
ANY_TYPE = ("any", "")
#: A run's button in the list names the run to the server, and has the focus again when the list is made anew.
PICKING = """
let picked = false;
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  picked = true;
  trigger("select", { pick: button.dataset.pick });
});
watch("value", () => {
  if (picked) element.querySelector("[data-pick][aria-current]")?.focus({ preventScroll: true });
  picked = false;
});
"""


class EvaluationTab:
    """Reads the runs that ``assistant eval run`` wrote into the desk's folder; changes nothing there."""

    def __init__(self, desk: Desk) -> None:
        self._library = RunLibrary(desk.runs)
        # By the state of the files, so that what is drawn or compared once is not again until they change.
        self._plots = lru_cache(maxsize=8)(self._make_plots)
        self._comparison = lru_cache(maxsize=32)(self._make_comparison)

    def build(self) -> None:
        """Make the components within the tab that is being built, and connect them."""
        tab = Context.block
        with gr.Row(elem_classes="evaluation-head"):
            gr.HTML("<h2>Evaluation runs</h2>", **HTML)
            self._refresh = gr.Button("Refresh", size="sm", scale=0, min_width=96)
        self._listing = gr.HTML(elem_id="evaluation-runs", js_on_load=PICKING, **HTML)
        self._run = gr.Dropdown([], label="Run", elem_id="evaluation-run")
        with gr.Tabs(elem_classes="evaluation-parts"):
            with gr.Tab("Figures"):
                self._figures = gr.HTML(elem_id="evaluation-figures", **HTML)
                self._drawn = gr.HTML(elem_id="evaluation-plots", **HTML)
            with gr.Tab("Questions"):
                self._build_questions()
            with gr.Tab("Compare") as self._comparing:
                with gr.Row():
                    self._before = gr.Dropdown([], label="A: before", min_width=220)
                    self._after = gr.Dropdown([], label="B: after", min_width=220)
                self._compared = gr.HTML(elem_id="evaluation-comparison", **HTML)
        self._wire(tab.select if isinstance(tab, gr.Tab) else None)

    def _build_questions(self) -> None:
        with gr.Row():
            self._system = gr.Dropdown([], label="System", min_width=140)
            self._outcome = gr.Dropdown(list(OUTCOMES), value=MISSED, label="Outcome", min_width=140)
            self._type = gr.Dropdown([ANY_TYPE], value="", label="Type", min_width=140)
            self._words = gr.Textbox(
                label="Words", placeholder="in questions, facts and answers", max_lines=1, min_width=180
            )
        with gr.Row(elem_classes="evaluation-pages"):
            self._previous = gr.Button("Previous", size="sm", scale=0, min_width=96)
            self._next = gr.Button("Next", size="sm", scale=0, min_width=96)
            self._position = gr.HTML(elem_id="evaluation-position", **HTML)
        self._page = gr.State(0)
        self._questions = gr.HTML(elem_id="evaluation-questions", **HTML)

    def _wire(self, opened: Any) -> None:
        chosen = [self._listing, self._figures, self._drawn, self._system, self._type]
        listed = [self._listing, self._run, self._before, self._after]
        conditions = [self._run, self._system, self._outcome, self._type, self._words]
        asked = [self._page, self._position, self._previous, self._next, self._questions]
        pair = [self._before, self._after]

        if opened:
            opened(self.list_runs, [self._run, *pair], listed, **QUIET)
        self._listing.select(self.pick_run, None, self._run, **QUIET)
        again = self._refresh.click(self.list_runs, [self._run, *pair], listed, **QUIET)
        for shows in (again.then, self._run.change):
            shown = shows(self.show_run, self._run, chosen, **QUIET)
            shown.then(self.first_questions, conditions, asked, **QUIET)
            shown.then(self.draw, self._run, self._drawn, **QUIET).then(_make_ready, **QUIET)
        # Gradio tells no "input" when a box is emptied.
        self._words.change(self.first_questions, conditions, asked, trigger_mode="always_last", **QUIET)
        for condition in (self._system, self._outcome, self._type):
            condition.input(self.first_questions, conditions, asked, **QUIET)
        self._previous.click(self.questions_before, [self._page, *conditions], asked, **QUIET)
        self._next.click(self.questions_after, [self._page, *conditions], asked, **QUIET)
        for compares in (self._comparing.select, self._before.input, self._after.input, again.then):
            compares(self.compare, pair, self._compared, **QUIET)

    # --- runs ---

    def list_runs(self, run: str | None, before: str | None, after: str | None) -> tuple[Any, ...]:
        """The list, and the choices that it gives; what was chosen stays chosen where it is still there."""
        try:
            runs = self._library.runs()
        except AssistantError as error:
            return fault_html(str(error)), gr.skip(), gr.skip(), gr.skip()
        names = [listed.name for listed in runs]
        systems = [
            (f"{listed.name} / {label}", f"{listed.name}/{label}") for listed in runs for label in listed.systems
        ]
        known = {value for _, value in systems}
        chosen = run if run in names else next((listed.name for listed in runs if listed.systems), None)
        first, second = last_two(runs)
        return (
            runs_html(runs, self._library.folder, chosen or ""),
            gr.Dropdown(choices=names, value=chosen),
            gr.Dropdown(choices=systems, value=before if before in known else first),
            gr.Dropdown(choices=systems, value=after if after in known else second),
        )

    @staticmethod
    def pick_run(event: gr.EventData) -> str:
        """The run whose button was pressed."""
        return str(event._data["pick"])

    def show_run(self, run: str | None) -> tuple[Any, ...]:
        """The figures of a run, and the systems and types that its questions can be looked at by."""
        nothing = gr.Dropdown(choices=[], value=None), gr.Dropdown(choices=[ANY_TYPE], value="")
        if not run:
            return gr.skip(), "", "", *nothing
        try:
            listing = runs_html(self._library.runs(), self._library.folder, run)
            systems = self._library.open(run)
        except AssistantError as error:
            return gr.skip(), fault_html(str(error)), "", *nothing
        labels = [system.label for system in systems]
        types = sorted({str(question.type) for question in systems[0].questions})
        return (
            listing,
            figures_html(run, systems),
            "",
            gr.Dropdown(choices=labels, value=labels[0]),
            gr.Dropdown(choices=[ANY_TYPE, *((kind, kind) for kind in types)], value=""),
        )

    def draw(self, run: str | None) -> str:
        """The plots of a run; nothing where its figures say already why there are none."""
        try:
            return plots_html(self._plots(run, self._library.state(run))) if run else ""
        except AssistantError:
            return ""

    # --- questions ---

    def first_questions(self, *conditions: Any) -> tuple[Any, ...]:
        """The first of the questions that meet the conditions."""
        return self._show_questions(0, *conditions)

    def questions_before(self, page: int, *conditions: Any) -> tuple[Any, ...]:
        """Those before the ones that are shown."""
        return self._show_questions(page - 1, *conditions)

    def questions_after(self, page: int, *conditions: Any) -> tuple[Any, ...]:
        """Those after the ones that are shown."""
        return self._show_questions(page + 1, *conditions)

    def _show_questions(
        self, page: int, run: str | None, system: str | None, outcome: str, kind: str, words: str
    ) -> tuple[Any, ...]:
        none = gr.Button(interactive=False)
        if not run or not system:
            return 0, "", none, none, ""
        try:
            runs, chosen = self._library.open(run), self._library.system(run, system)
        except AssistantError as error:
            return 0, "", none, none, fault_html(str(error))
        found = matching(all_asked([chosen]), outcome, kind, words or "")
        page = max(0, min(page, (len(found) - 1) // PAGE))
        first, last = page * PAGE, min((page + 1) * PAGE, len(found))
        return (
            page,
            position_html(first, last, len(found)),
            gr.Button(interactive=page > 0),
            gr.Button(interactive=last < len(found)),
            questions_html(found[first:last], _others(runs, system)),
        )

    # --- two runs ---

    def compare(self, before: str | None, after: str | None) -> str:
        """What changed between two systems or two runs of one."""
        if not before or not after:
            return '<p class="empty">Two runs of the same questions are needed.</p>'
        names = [name.partition("/")[0] for name in (before, after)]
        try:
            return self._comparison(before, after, *map(self._library.state, names))
        except AssistantError as error:
            return fault_html(str(error))

    def _make_plots(self, run: str, _state: Fingerprint) -> dict[str, str]:
        return svg_plots(self._library.open(run))

    def _make_comparison(self, before: str, after: str, _before: Fingerprint, _after: Fingerprint) -> str:
        a, b = (self._library.system(*value.split("/", 1)) for value in (before, after))
        return comparison_html(compare(a, b), a, b)


def last_two(runs: Sequence[ListedRun]) -> tuple[str | None, str | None]:
    """What is compared where nothing was chosen: the newest run's first system, and what came before it.

    That is the same system in the run before of the same questions, or else the newest run's second system.
    """
    whole = [run for run in runs if run.systems]
    if not whole:
        return None, None
    newest, label = whole[0], whole[0].systems[0]
    for run in whole[1:]:
        if _questions(run) == _questions(newest) and label in run.systems:
            return f"{run.name}/{label}", f"{newest.name}/{label}"
    second = f"{newest.name}/{newest.systems[1]}" if len(newest.systems) > 1 else None
    return second, f"{newest.name}/{label}"


def _questions(run: ListedRun) -> str | None:
    return run.provenance.questions_hash if run.provenance else None


def _others(runs: Sequence[SystemRun], shown: str) -> dict[str, list[tuple[str, str]]]:
    """By the question's id, what came of it with the systems that are not shown."""
    others: dict[str, list[tuple[str, str]]] = {}
    for run in runs:
        if run.label != shown:
            for score in run.metrics.questions:
                others.setdefault(score.id, []).append((run.label, outcome(score)))
    return others


def _make_ready() -> None:
    """Load what a comparison needs, while the figures are read: it takes most of a second."""
    import scipy.stats  # noqa: F401
