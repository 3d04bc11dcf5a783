"""Regions by date: where a unit belongs, and what an area covers."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from chuangbao.core.engine.regions import covered_regions, load_regions, local_places, region_name
from chuangbao.core.models import Region, RegionPeriod


def test_gongzhuling_moves_from_siping_to_changchun_in_2020():
    before, after = date(2020, 6, 18), date(2020, 6, 19)
    assert "220381" in covered_regions("220300", before)
    assert "220184" in covered_regions("220100", after)
    assert "220184" not in covered_regions("220300", after)


def test_a_province_covers_everything_below_it_and_a_county_itself():
    assert {"220000", "220100", "220102"} <= covered_regions("220000")
    assert covered_regions("220102") == {"220102"}
    assert "220000" not in covered_regions("220100")


def test_the_places_of_a_province_are_looked_up_once_a_day_and_are_those_of_the_day():
    before, after = ({unit.code for unit in local_places(date(2020, 6, day))} for day in (18, 19))
    assert (after - before, before - after) == ({"220184"}, {"220381"})
    assert local_places(date(2020, 6, 18)) is local_places(date(2020, 6, 18))  # a walk through the tree took 20 ms
    assert isinstance(local_places(), tuple)  # so that no page can change what the next one reads


def test_a_name_is_in_the_readers_language():
    assert (region_name("220100"), region_name("nowhere")) == ("长春市", "nowhere")
    with override("en"):
        assert region_name("220100") == "Changchun"


@pytest.mark.django_db
def test_the_tree_is_written_once_and_brought_up_to_date():
    load_regions()
    Region.objects.filter(pk="220100").update(name_zh="旧名")
    load_regions()
    assert str(Region.objects.get(pk="220100")) == "长春市"
    assert str(RegionPeriod.objects.get(region="220381")) == "220381: 220300 –2020-06-18"
