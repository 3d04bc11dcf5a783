"""A small whole pack for tests: three measures, six facts, one seed document. Made anew in a folder each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILES", "OPEN_FILE", "build"]

OPEN_FILE = "measures/open.yaml"

PACK = """\
id: mini
title: {zh: 小地区包, en: Small pack}
region: "220000"
seed: seed-doc
"""

REGIONS = """\
code,name,name_en,level,parent,from,to,reports_to,statistical_only,has_code
100000,全国,China,nation,,,,,false,true
220000,吉林省,Jilin,province,100000,,,,false,true
"""

CODES = """\
- list: industry_kind
  title: {zh: 行业大类, en: Industry group}
  codes:
    - {code: industrial, zh: 工业, en: Industry}
    - {code: other, zh: 其他, en: Other}
- list: theme
  title: {zh: 主题, en: Theme}
  codes:
    - {code: tax, zh: 税收, en: Tax}
- list: fact_group
  title: {zh: 信息分组, en: Groups}
  codes:
    - {code: money, zh: 收入, en: Income}
"""

FACTS = """\
- name: taxable_income
  subject: enterprise
  group: money
  type: money
  unit: CNY
  range: {min: 0, max: 1000000000}
  label: {zh: 年应纳税所得额, en: Annual taxable income}
  question: {zh: 去年的应纳税所得额是多少？, en: "What was last year's taxable income?"}
- name: employees
  subject: enterprise
  group: money
  type: integer
  unit: person
  range: {min: 0, max: 100000}
  label: {zh: 从业人数, en: Staff}
  question: {zh: 有多少员工？, en: "How many people work there?"}
- name: industry_kind
  subject: enterprise
  group: money
  type: code
  codes: industry_kind
  label: {zh: 行业, en: Industry}
  question: {zh: 属于哪一类行业？, en: "Which industry is it?"}
- name: small_staff
  subject: enterprise
  group: money
  type: boolean
  label: {zh: 人数达标, en: Small by staff}
  value: "employees <= CASE WHEN industry_kind = 'industrial' THEN 100 ELSE 80 END"
- name: insured
  subject: enterprise
  group: money
  type: boolean
  label: {zh: 已参保, en: Insured}
  question: {zh: 员工都参加社会保险了吗？, en: "Is everybody insured?"}
- name: open_for_all
  subject: enterprise
  group: money
  type: boolean
  label: {zh: 对外开放, en: Open to the public}
  question: {zh: 对外开放吗？, en: "Is it open to the public?"}
"""

DOCUMENTS = """\
- id: seed-doc
  number: 吉政办发〔2015〕1号
  title: {zh: 试行意见, en: Trial opinion}
  kind: 意见
  issuers: [某办公厅]
  date: 2015-06-08
  region: "220000"
  level: province
  clauses: documents/seed-doc.clauses.yaml
- id: tax-2015
  number: 财税〔2015〕1号
  title: {zh: 税收通知, en: Tax notice}
  kind: 通知
  issuers: [某部]
  date: 2015-03-13
  region: "100000"
  level: nation
  successors: [seed-doc]
"""

CLAUSES = """\
- {id: 1.1, modality: MUST, actor: 某局, zh: 减税, en: Lower the tax, numbers: "200000"}
- {id: 1.2, modality: MAY, actor: 某局, zh: 补贴, en: Pay a subsidy, numbers: "500"}
- {id: 1.3, modality: ENC, actor: 某局, zh: 开放设备, en: Open equipment}
"""

TAX = """\
id: 1.1-tax
title: {zh: 小企业减税, en: Tax relief for small firms}
subject: enterprise
region: "100000"
clauses: ["1.1"]
themes: [tax]
audience: [company]
wants: [save_tax]
versions:
  - version: TAX-2014
    title: {zh: 旧版减税, en: Old relief}
    valid: {from: 2014-01-01, to: 2014-12-31}
    number: 财税〔2014〕1号
    confirmed: false
    clause: "1.1"
    parameters:
      ceiling: {type: money, unit: CNY, label: {zh: 上限, en: Ceiling}, values: [{from: 2014-01-01, value: 100000}]}
    conditions:
      - {id: income, zh: 所得不超过10万元, en: Income up to 100000, when: "taxable_income <= ceiling"}
    benefit: {kind: tax, unit: CNY/year, amount: "taxable_income * 0.15"}
    examples:
      - {name: at, as_of: 2014-06-30, facts: {taxable_income: 100000}, expect: {status: eligible, amount: 15000.00}}
      - {name: below, as_of: 2014-06-30, facts: {taxable_income: 99999}, expect: {status: eligible, amount: 14999.85}}
      - {name: above, as_of: 2014-06-30, facts: {taxable_income: 100001}, expect: {status: not_eligible}}
  - version: TAX-2015
    title: {zh: 新版减税, en: New relief}
    valid: {from: 2015-01-01, to: null}
    number: 财税〔2015〕1号
    documents_ref: [tax-2015]
    confirmed: true
    clause: "1.1"
    parameters:
      ceiling: {type: money, unit: CNY, label: {zh: 上限, en: Ceiling}, values: [{from: 2015-01-01, value: 200000}]}
    conditions:
      - {id: income, zh: 所得不超过20万元, en: Income up to 200000, when: "taxable_income <= ceiling"}
      - {id: staff, zh: 人数达标, en: Small by staff, when: "small_staff"}
    benefit: {kind: tax, unit: CNY/year, amount: "taxable_income * 0.15"}
    examples:
      - name: at
        as_of: 2015-06-30
        facts: {taxable_income: 200000, employees: 80, industry_kind: other}
        expect: {status: eligible, amount: 30000.00}
      - name: below
        as_of: 2015-06-30
        facts: {taxable_income: 199999, employees: 100, industry_kind: industrial}
        expect: {status: eligible, amount: 29999.85}
      - name: above
        as_of: 2015-06-30
        facts: {taxable_income: 200001, employees: 8, industry_kind: other}
        expect: {status: not_eligible}
"""

SUBSIDY = """\
id: 1.2-subsidy
title: {zh: 参保补贴, en: Insurance subsidy}
subject: enterprise
region: "220000"
clauses: ["1.2"]
themes: [tax]
audience: [company]
wants: [find_money]
versions:
  - version: SUB-2015
    title: {zh: 参保补贴, en: Insurance subsidy}
    valid: {from: 2015-01-01, to: null}
    confirmed: true
    clause: "1.2"
    conditions:
      - {id: insured, zh: 员工已参保, en: Staff insured, when: "insured"}
      - {id: size, zh: 员工不少于5人, en: At least five people, when: "employees >= 5"}
    benefit: {kind: subsidy, unit: CNY, amount: "employees * 500"}
    excludes: [1.1-tax]
    examples:
      - {name: at, as_of: 2015-06-30, facts: {insured: true, employees: 5}, expect: {status: eligible, amount: 2500.00}}
      - {name: below, as_of: 2015-06-30, facts: {insured: true, employees: 4}, expect: {status: not_eligible}}
      - {name: above, as_of: 2015-06-30, facts: {insured: true, employees: 6}, expect: {status: eligible, amount: 3000.00}}
"""

RIGHT = """\
id: 1.3-open
title: {zh: 使用设备, en: Use of equipment}
subject: enterprise
region: "220000"
clauses: ["1.3"]
themes: [tax]
audience: [makerspace]
wants: [recognition]
versions:
  - version: OPEN-2015
    title: {zh: 使用设备, en: Use of equipment}
    valid: {from: 2015-01-01, to: null}
    confirmed: true
    clause: "1.3"
    conditions:
      - {id: open, zh: 对外开放, en: Open to the public, when: "open_for_all"}
    benefit: {kind: right, unit: none, amount: "0"}
    examples:
      - {name: yes, as_of: 2015-06-30, facts: {open_for_all: true}, expect: {status: eligible}}
"""

AUDIENCES = """\
audiences:
  - {id: company, zh: 企业, en: Company, subject: enterprise}
  - {id: makerspace, zh: 众创空间, en: Makerspace, subject: enterprise}
wants:
  - {id: save_tax, zh: 少缴税, en: Save tax, kinds: [tax]}
  - {id: find_money, zh: 找资金, en: Find money, kinds: [subsidy, loan]}
  - {id: recognition, zh: 获认定, en: Be recognised, kinds: [right]}
"""

FILES = {
    "pack.yaml": PACK,
    "regions.csv": REGIONS,
    "codes/codes.yaml": CODES,
    "facts/enterprise.yaml": FACTS,
    "documents/documents.yaml": DOCUMENTS,
    "documents/seed-doc.clauses.yaml": CLAUSES,
    "measures/tax.yaml": TAX,
    "measures/subsidy.yaml": SUBSIDY,
    "measures/open.yaml": RIGHT,
    "audiences.yaml": AUDIENCES,
    "relations.yaml": "[]\n",
    "rows.yaml": "[]\n",
    "synonyms.yaml": "- [小微企业, 小型微利企业]\n",
}


def build(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """Write the pack into ``folder``; each edit is (file, old text, new text) and must find its text."""
    files = dict(FILES)
    for file, old, new in edits:
        if old not in files[file]:
            message = f"{file} has no {old!r}"
            raise ValueError(message)
        files[file] = files[file].replace(old, new, 1)
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
