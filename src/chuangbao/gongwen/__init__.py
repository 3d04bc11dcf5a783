"""The parser of Chinese official documents (公文): text in, a tree with positions out. No Django."""

from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.model import Cite, Document, Duty, Leaf, Quantity, Section, Sentence
from chuangbao.gongwen.parse import parse_file, parse_text

__all__ = [
    "Cite",
    "Document",
    "DocumentError",
    "Duty",
    "Leaf",
    "Quantity",
    "Section",
    "Sentence",
    "parse_file",
    "parse_text",
]
