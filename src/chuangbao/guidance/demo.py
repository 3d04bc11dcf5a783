"""Questions of the demonstration (演示数据)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_officer, as_self
from chuangbao.accounts.models import Person, Post
from chuangbao.guidance.domain.asking import ask_office, move_question
from chuangbao.guidance.models import Question

__all__ = ["load_demo_questions"]

NANGUAN = "220102"
ASKED = (
    ("演示：我今年毕业，还没有注册，初次创业补贴先注册还是先申请？", "演示：先登记注册，经营满规定时间后再申请。"),
    ("演示：创业担保贷款要不要房产抵押？", ""),
)


@transaction.atomic
def load_demo_questions() -> None:
    """Let the student of the demonstration ask, and an officer answer the first."""
    student = Person.objects.filter(is_demo=True, email__startswith="student@").first()
    if student is None or Question.objects.filter(person=student).exists():
        return
    today = timezone.localdate()
    posts = Post.objects.filter(duties__contains=["guidance"], region=NANGUAN, term__contains=today)
    post = posts.select_related("agency").order_by("pk").first()
    for text, answer in ASKED:
        row = ask_office(actor=as_self(student), place=NANGUAN, text=text)
        if answer and post is not None:
            move_question(question=row, verb="answer", actor=as_officer(post), text=answer)
