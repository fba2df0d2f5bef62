"""States are found by name, demonym and place; cities of conferences, origins of people and similar names are not."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text, codes",
    [
        ("In Brazil and Bolivia it rose.", {"BRA", "BOL"}),
        ("Evidence from Cote D'Ivoire is mixed.", {"CIV"}),
        ("In Northern Ireland it fell.", {"GBR"}),
        ("In the UK, Pakistani, Bangladeshi and African-Caribbean women earn less.", {"GBR"}),
        ("African Americans and Roma.", set()),
        ("Burkina Faso, Cameroon, Ethiopia, Guinea, Kenya.", {"BFA", "CMR", "ETH", "GIN", "KEN"}),
        ("Guinea-Bissau, Equatorial Guinea and Papua New Guinea.", {"GNB", "GNQ", "PNG"}),
        ("The summit convened in Copenhagen in 1995; then Beijing, Madrid and Vienna.", set()),
        ("European and World Cups in stadiums.", set()),
        ("The French National Assembly voted.", {"FRA"}),
        ("Ugandans living with HIV; Ugandan households.", {"UGA"}),
        ("Rwanda and the former Yugoslavia.", {"RWA", "YUG"}),
        ("In West Bengal output rose.", {"IND"}),
        ("Porto Allegre began in 1989.", {"BRA"}),
        ("South Sudan borders Sudan.", {"SSD", "SDN"}),
        ("Niger is not Nigeria.", {"NER", "NGA"}),
        ("They asked us to wait.", set()),
        ("The Indian Ocean and New Mexico.", set()),
        ("Mexican workers in Canada organise.", {"CAN"}),
    ],
)
def test_countries(ids, text, codes):
    assert ids(text, "country") == codes


def test_spanish_and_french_names(ids):
    assert ids("La ley del Perú y de España.", "country", language="es") == {"PER", "ESP"}
    assert ids("Le Bénin et le Royaume-Uni.", "country", language="fr") == {"BEN", "GBR"}


def test_a_place_is_a_weaker_sign_than_a_name(tagged):
    (place,) = [t for t in tagged("In Maharashtra it works.").tags if t.facet == "country"]
    (name,) = [t for t in tagged("In India it works.").tags if t.facet == "country"]
    assert place.confidence < name.confidence and place.origin == "rule:country-place"


def test_the_part_that_a_state_plays(tagged):
    def role(text, **fields):
        return [m.value["role"] for m in tagged(text, **fields).mentions if m.kind == "country"]

    assert role("In Peru, legislation has been introduced.") == ["case"]
    assert role("In Bolivia, they account for 67 percent of jobs.") == ["statistic"]
    assert set(role("Countries include Bolivia, Guatemala, Mexico, Paraguay and Peru.")) == {"list"}
    assert role("Helsinki, Finland 8-10 July 2008", kind="title") == ["venue"]
