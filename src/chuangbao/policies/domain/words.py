"""Chinese text as search sees it: segmented words, sounds, and document numbers in any brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuangbao.core.localization.width import narrow
from chuangbao.policies.domain.amounts import amounts_in, without_amounts, word_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "INDEX",
    "folded_number",
    "hinted_words",
    "leading_words",
    "query_words",
    "says_something",
    "segment_words",
    "sounds",
    "to_pinyin",
]

INDEX = "3"
"""How words are written into the index; another value has every library written again at the next start."""

BRACKETS = str.maketrans({**dict.fromkeys("[【(（〈<［﹝「", "〔"), **dict.fromkeys("]】)）〉>］﹞」", "〕")})
NUMBER = re.compile(r"〔?\s{0,8}+(\d{4})\s*+〕?+\s*+年?+\s*+第?+\s*+(\d+)\s*+号?")
WORD = re.compile(r"\w+")
EMPTY_WORDS = re.compile(
    r"怎么|怎么办|怎么弄|弄|想开|怎样|如何|什么|哪里|哪儿|哪些|可以|能|能不能|我|我们|我想|想|要|想要|吗|呢|的|了|有|没|没有|多少|请问"
    r"|申请|办理|办|去|在|和|或|给|国家|政府|政策|领|拿|该|谁|个|一个|有没有|是|不|被|把|对|为|做|开|家|好|公司|还|来|吧"
)
"""Words of questions that no text is about."""
MOST_WORDS = 16
"""Different words of one query: nobody writes more, and each costs a look into the index."""


def folded_number(text: str) -> str:
    """A document number with one style of brackets and no blanks: 吉政办发[2015] 31号 → 吉政办发〔2015〕31号."""
    folded = narrow(text).translate(BRACKETS).replace(" ", "")
    return NUMBER.sub(lambda m: f"〔{m[1]}〕{m[2]}号", folded, count=1)


def segment_words(text: str) -> list[str]:
    """The words of a text, lower case, in search grain (long words also by their parts), then its amounts."""
    import rjieba  # late: it reads a dictionary, which most processes never need

    words = [word.lower() for word in rjieba.cut_for_search(narrow(text)) if WORD.fullmatch(word)]
    return words + [word_of(amount.yuan) for amount in amounts_in(text)]


def sounds(text: str) -> str:
    """Pinyin and initials of a title, each without blanks: 创业 → ``chuangye cy``."""
    full = "".join(spell(text))
    initials = "".join(spell(text, initials=True))
    return f"{full} {initials}".lower()


def spell(text: str, *, initials: bool = False) -> list[str]:
    """Return the pinyin of each character without its tone, or its first letter alone."""
    from pypinyin import Style, lazy_pinyin  # late: it reads a dictionary, which most processes never need

    return lazy_pinyin(text, style=Style.FIRST_LETTER if initials else Style.NORMAL)


def to_pinyin(text: str) -> str:
    """The pinyin of what was typed, without blanks, tones and signs: 小型微力 → ``xiaoxingweili``."""
    return "".join(part for part in spell(narrow(text).strip().lower()) if part.isalnum())


def query_words(text: str, meanings: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """What must be found: one list per word or amount of the query, each with the words that mean the same."""
    lowered = narrow(text).strip().lower()
    if lowered in meanings:
        return [words_for(lowered, meanings)]
    rest, amounts = without_amounts(lowered)
    found = [
        sorted({word_of(amount.yuan)} | ({lowered[amount.start : amount.end].strip()} if amount.bare else set()))
        for amount in amounts
    ]
    return found + [words_for(word, meanings) for word in telling_words(rest, meanings)]


def telling_words(text: str, meanings: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The different words of a query that say something; all of them where none does."""
    words = list(dict.fromkeys(split_query(text, meanings)))[:MOST_WORDS]
    return [word for word in words if not EMPTY_WORDS.fullmatch(word)] or words


def says_something(text: str, meanings: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a text holds a word that is looked for, and not those of questions alone."""
    return any(not EMPTY_WORDS.fullmatch(word) for word in split_query(narrow(text).strip().lower(), meanings))


def hinted_words(text: str, meanings: Mapping[str, tuple[str, ...]], hints: Mapping[str, object]) -> list[str]:
    """The words of a text for which there is a hint, in their order."""
    lowered = narrow(text).strip().lower()
    return [word for word in ([lowered] if lowered in hints else split_query(lowered, meanings)) if word in hints]


def leading_words(text: str, meanings: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """For each word of a text what the title of a first hit holds, the best first; of several the text itself too.

    What people want stands last in Chinese (退伍军人开店贷款), so the text itself comes first and its words after it.
    """
    lowered = narrow(text).strip().lower()
    words = [lowered] if lowered in meanings else telling_words(without_amounts(lowered)[0], meanings)
    if len(words) == 1:
        return [leads_of(words[0], meanings)]
    return [[lowered], *(leads_of(word, meanings) for word in words)]


def leads_of(word: str, meanings: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What one word means, the best first.

    Of words that mean the same, the one that was typed comes first; the meanings of an everyday word keep the order
    of the pack.
    """
    found = meanings.get(word, (word,))
    equal = all(meanings.get(each) == found for each in found)
    return list(dict.fromkeys([word, *found])) if equal else list(found)


def words_for(word: str, meanings: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the words to look for in place of one of a query, each cut as the index cuts it."""
    if word not in meanings:
        return sorted({" ".join(cut(word)), word})
    return sorted({" ".join(cut(each)) for each in meanings[word]})


def split_query(text: str, meanings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the words of a query: first the longest that people's words know, then what the dictionary cuts."""
    longest = max(map(len, meanings), default=0)
    rest, place = "", 0
    while place < len(text):
        known = next((n for n in range(longest, 1, -1) if text[place : place + n] in meanings), 0)
        if known:
            yield from cut(rest)
            yield text[place : place + known]
            rest = ""
        else:
            rest += text[place]
        place += known or 1
    yield from cut(rest)


def cut(text: str) -> list[str]:
    """The words of a query, lower case, each as long as it can be."""
    import rjieba

    return [word.lower() for word in rjieba.cut(narrow(text)) if WORD.fullmatch(word)]
