"""The addresses of the desk where officers write policies."""

from __future__ import annotations

from django.urls import path, register_converter

from chuangbao.authoring.views import batches, comments, edit, lists, notes, papers, synonyms, version
from chuangbao.authoring.workflow import VERSION

app_name = "authoring"


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
    path("", lists.desk, name="desk"),
    path("new/", lists.new_measure, name="new"),
    path("versions/<int:pk>/correct/", version.correct, name="correct"),
    path("revise/", lists.revise, name="revise"),
    path("words/", synonyms.synonyms, name="synonyms"),
    path("words/remove/", synonyms.synonym_remove, name="synonym_remove"),
    path("openings/", lists.open_parameters, name="openings"),
    path("versions/<int:pk>/", version.version, name="version"),
    path("versions/<int:pk>/text/", edit.edit, name="text"),
    path("versions/<int:pk>/keep/", edit.keep, name="keep"),
    path("versions/<int:pk>/comment/", version.comment, name="comment"),
    path("versions/<int:pk>/<verb:verb>/", version.move, name="move"),
    path("documents/", papers.papers, name="papers"),
    path("documents/new/", papers.bring, name="bring"),
    path("documents/many/", batches.bring_many, name="bring_many"),
    path("documents/many/<uuid:key>/", batches.batch, name="batch"),
    path("documents/<int:pk>/", papers.paper, name="paper"),
    path("documents/<int:pk>/original/", papers.paper_original, name="paper_original"),
    path("documents/<int:pk>/comment/", papers.paper_comment, name="paper_comment"),
    path("comments/<int:pk>/", comments.comment_settle, name="comment_settle"),
    path("documents/<int:pk>/head/", papers.paper_head, name="paper_head"),
    path("documents/<int:pk>/<verb:verb>/", papers.paper_move, name="paper_move"),
    path("clauses/<int:pk>/", papers.clause, name="clause"),
    path("notes/", notes.notes, name="notes"),
    path("notes/new/", notes.new_note, name="note_new"),
    path("notes/<int:pk>/", notes.note, name="note"),
    path("notes/<int:pk>/revise/", notes.note_revise, name="note_revise"),
    path("notes/<int:pk>/<verb:verb>/", notes.note_move, name="note_move"),
]
