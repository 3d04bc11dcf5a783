"""Reading a document that a visitor brings (导入): nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import public
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from chuangbao.policies.domain.reading import read_text, read_upload
from chuangbao.policies.forms import ImportForm
from chuangbao.policies.importing import describe_document
from chuangbao.policies.readerwords import explain_document_error

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["import_document"]


@public
@rate_limit("read-document", rate="30/h", per="ip")
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def import_document(request: HttpRequest) -> HttpResponse:
    """Show the tree, numbers, duties and links of a document."""
    form = ImportForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImportForm()
    context: dict[str, object] = {"form": form}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            text, parsed = read_upload(upload) if upload else read_text(form.cleaned_data["text"])
            context |= describe_document(text, parsed)
        except Refused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
        except DocumentError as error:
            file = form.cleaned_data["file"]
            said = explain_document_error(error, name=file.name if file else "")
            form.add_error("file" if file else "text", said)
    if form.is_bound and form.errors:
        status = 422
    return render(request, "policies/import.html", context, status=status)
