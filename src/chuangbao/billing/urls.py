"""The addresses of the money of a space."""

from __future__ import annotations

from django.urls import path

from chuangbao.billing.views import contracts, deposits, income, months, payments, prices, statements

app_name = "billing"

urlpatterns = [
    path("", statements.list_overview, name="overview"),
    path("statements.xlsx", statements.give_statement_book, name="workbook"),
    path("mine/", statements.list_own_statements, name="mine"),
    path("mine/statements.xlsx", statements.give_own_book, name="own_workbook"),
    path("statements/<int:pk>/", statements.show_statement, name="statement"),
    path("statements/<int:pk>/statement.pdf", statements.give_pdf, name="statement_pdf"),
    path("statements/<int:pk>/revoke/", statements.revoke, name="statement_revoke"),
    path("statements/<int:pk>/replace/", statements.replace, name="statement_replace"),
    path("statements/<int:pk>/pay/", payments.pay, name="pay"),
    path("payments/<int:pk>/reverse/", payments.reverse, name="payment_reverse"),
    path("payments/<int:pk>/proof/", payments.give_proof, name="proof"),
    path("deposits/", deposits.list_deposits, name="deposits"),
    path("deposits/deposits.xlsx", deposits.give_deposit_book, name="deposit_workbook"),
    path("contracts/", contracts.list_contracts, name="contracts"),
    path("contracts/contracts.xlsx", contracts.give_contract_book, name="contract_workbook"),
    path("contracts/<int:pk>/", contracts.show_contract, name="contract"),
    path("contracts/<int:pk>/charges/", contracts.add_charge, name="line_add"),
    path("contracts/<int:pk>/end/", contracts.finish_contract, name="contract_end"),
    path("contracts/<int:pk>/deposit/", contracts.keep_deposit, name="deposit"),
    path("charges/<int:pk>/", contracts.change_charge, name="line"),
    path("charges/<int:pk>/end/", contracts.end_charge, name="line_end"),
    path("tenancies/<int:pk>/contract/", contracts.new_contract, name="contract_new"),
    path("prices/<int:pk>/end/", prices.stop_price, name="price_end"),
    path("spaces/<int:space>/prices/", prices.list_prices, name="prices"),
    path("spaces/<int:space>/price-list/", prices.show_prices, name="price_list"),
    path("spaces/<int:space>/month/", months.preview, name="bill"),
    path("spaces/<int:space>/month/issue/", months.issue, name="issue"),
    path("spaces/<int:space>/income/", income.show_income, name="income"),
    path("spaces/<int:space>/income/income.xlsx", income.give_income_book, name="income_workbook"),
    path("spaces/<int:space>/income/charges/", income.list_charges, name="charges"),
]
