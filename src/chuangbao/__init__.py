"""Chuangbao 创宝网: from the text of a policy document to what it owes you."""

__version__ = "0.1.0"
