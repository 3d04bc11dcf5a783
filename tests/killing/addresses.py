"""Every address of the program, and one that saves in every way there is: history, a letter and a job, once."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from chuangbao.config import urls
from chuangbao.config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.permissions import public
from chuangbao.core.audit.log import record
from chuangbao.core.http.idempotency import once
from chuangbao.core.messaging.outbox import queue_letters
from killing.work import worked


@csrf_exempt
@public
@once
@transaction.atomic
def save(request: HttpRequest) -> HttpResponse:
    """Save a number in every way there is."""
    number = int(request.POST["number"])
    record(SYSTEM, "saved", kind="killing.saved", data={"number": number})
    queue_letters([EmailMessage(f"letter {number}", "演示数据", None, ["somebody@example.org"])])
    worked.defer(number=number)
    return HttpResponseRedirect(f"/saved/{number}")


urlpatterns = [*urls.urlpatterns, path("killing/save", save, name="killing")]
