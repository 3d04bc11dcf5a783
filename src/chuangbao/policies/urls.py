"""The addresses of the policy library, and of the desk where officers write it."""

from __future__ import annotations

from django.urls import path, register_converter

from chuangbao.policies.states import VERSION
from chuangbao.policies.views import documents, imports, library, measures, simulations, subscriptions, variants
from chuangbao.policies.views.desk import batches, comments, edit, lists, notes, papers, synonyms, version
from chuangbao.policies.views.runs import figures, people

app_name = "policies"


class VerbConverter:
    """A move of a text's life; any other word is no address."""

    regex = "|".join(VERSION.by_verb)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(VerbConverter, "verb")

urlpatterns = [
    path("", library.library, name="library"),
    path("search/", library.library, name="search"),
    path("policies.xlsx", library.export, name="export"),
    path("import/", imports.import_document, name="import"),
    path("documents/<str:ref>/", documents.document, name="document"),
    path("clauses/<str:clause>/", documents.clause, name="clause"),
    path("measures/<str:ref>/", measures.measure, name="measure"),
    path("measures/<str:ref>/curve.json", measures.curve_json, name="measure_curve"),
    path("measures/<str:ref>/code.svg", measures.code, name="measure_code"),
    path("measures/<str:ref>/handout.pdf", measures.handout, name="measure_handout"),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/follow/", subscriptions.follow, name="follow"),
    path("desk/", lists.desk, name="desk"),
    path("desk/new/", lists.new_measure, name="desk_new"),
    path("desk/versions/<int:pk>/correct/", version.correct, name="desk_correct"),
    path("desk/revise/", lists.revise, name="desk_revise"),
    path("desk/words/", synonyms.synonyms, name="desk_synonyms"),
    path("desk/words/remove/", synonyms.synonym_remove, name="desk_synonym_remove"),
    path("desk/openings/", lists.open_parameters, name="desk_openings"),
    path("desk/versions/<int:pk>/", version.version, name="desk_version"),
    path("desk/versions/<int:pk>/text/", edit.edit, name="desk_text"),
    path("desk/versions/<int:pk>/keep/", edit.keep, name="desk_keep"),
    path("desk/versions/<int:pk>/comment/", version.comment, name="desk_comment"),
    path("desk/versions/<int:pk>/<verb:verb>/", version.move, name="desk_move"),
    path("desk/documents/", papers.papers, name="desk_papers"),
    path("desk/documents/new/", papers.bring, name="desk_bring"),
    path("desk/documents/many/", batches.bring_many, name="desk_bring_many"),
    path("desk/documents/many/<uuid:key>/", batches.batch, name="desk_batch"),
    path("desk/documents/<int:pk>/", papers.paper, name="desk_paper"),
    path("desk/documents/<int:pk>/original/", papers.paper_original, name="desk_paper_original"),
    path("desk/documents/<int:pk>/comment/", papers.paper_comment, name="desk_paper_comment"),
    path("desk/comments/<int:pk>/", comments.comment_settle, name="desk_comment_settle"),
    path("desk/documents/<int:pk>/head/", papers.paper_head, name="desk_paper_head"),
    path("desk/documents/<int:pk>/<verb:verb>/", papers.paper_move, name="desk_paper_move"),
    path("desk/clauses/<int:pk>/", papers.clause, name="desk_clause"),
    path("desk/notes/", notes.notes, name="desk_notes"),
    path("desk/notes/new/", notes.new_note, name="desk_note_new"),
    path("desk/notes/<int:pk>/", notes.note, name="desk_note"),
    path("desk/notes/<int:pk>/revise/", notes.note_revise, name="desk_note_revise"),
    path("desk/notes/<int:pk>/<verb:verb>/", notes.note_move, name="desk_note_move"),
    path("simulations/", simulations.simulations, name="simulations"),
    path("simulations/example/", simulations.example, name="simulation_example"),
    path("simulations/about/<str:ref>/", simulations.new_simulation, name="simulation_new"),
    path("simulations/<uuid:key>/", simulations.simulation, name="simulation"),
    path("simulations/<uuid:key>/settings/", simulations.settings, name="simulation_settings"),
    path("simulations/<uuid:key>/run/", simulations.run, name="simulation_run"),
    path("simulations/<uuid:key>/copy/", simulations.copy, name="simulation_copy"),
    path("simulations/<uuid:key>/figures.json", simulations.figures, name="simulation_figures"),
    path("simulations/<uuid:key>/simulation.xlsx", simulations.export, name="simulation_export"),
    path("simulations/<uuid:key>/variants/new/", variants.new_variant, name="simulation_variant_new"),
    path("simulations/<uuid:key>/variants/<int:number>/", variants.variant, name="simulation_variant"),
    path("simulations/<uuid:key>/variants/<int:number>/drop/", variants.drop, name="simulation_drop"),
    path("runs/", figures.runs, name="runs"),
    path("runs/begin/", figures.begin, name="run_begin"),
    path("runs/<int:pk>/", figures.run, name="run"),
    path("runs/<int:pk>/facts/", figures.run_facts, name="run_facts"),
    path("runs/<int:pk>/run.xlsx", figures.run_export, name="run_export"),
    path("runs/<int:pk>/measures/<str:ref>/", figures.run_measure, name="run_measure"),
    path("entitled/", people.entitled, name="entitled"),
    path("entitled/sealed/", people.entitled_sealed, name="entitled_sealed"),
    path("entitled/entitled.xlsx", people.entitled_export, name="entitled_export"),
    path("entitled/<int:pk>/<str:ref>/", people.explanation, name="explanation"),
    path("for-me/", people.for_me, name="for_me"),
    path("for-me/now/", people.judge_at_once, name="judge_now"),
    path("for-me/answer/", people.answer, name="for_me_answer"),
]
