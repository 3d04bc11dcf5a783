"""The rows of the money of a space; what is money in them is never changed, it is reversed by a row of its own."""

from chuangbao.billing.models.contracts import Contract, ContractLine, DepositEntry, LinePrice
from chuangbao.billing.models.payments import Payment, PaymentShare
from chuangbao.billing.models.prices import PriceItem
from chuangbao.billing.models.statements import Charge, ChargePart, Reminder, Statement

__all__ = [
    "Charge",
    "ChargePart",
    "Contract",
    "ContractLine",
    "DepositEntry",
    "LinePrice",
    "Payment",
    "PaymentShare",
    "PriceItem",
    "Reminder",
    "Statement",
]
