"""Texts made of words from lists; the first words of a list are common, the last ones very rare."""

from __future__ import annotations

from random import Random

from .draws import Weighted, by_rank, weighted

MADE_UP = "Made up for scale tests."

NOUNS = """
threat warning attack market report plot concert convoy bomb embassy cell officer airport
minister message suspect border station hotel church festival agency mosque train stadium
pipeline courier checkpoint police journalist parade ferry bridge consulate school barracks
square tunnel rally hostage drone warehouse prison harbour parliament synagogue hospital
dissident passport informant cable safehouse militia truck ambush rocket explosive telephone
surveillance intercept detainee raid ceasefire exile pilgrim tourist aircraft vehicle commander
faction envoy delegation ambassador spokesman prosecutor witness bystander shopkeeper student
diplomat contractor engineer driver guard sailor pilot nurse teacher farmer priest imam rabbi
poet historian editor photographer translator archive ledger notebook laptop satellite antenna
radio frequency cipher telegram dossier memorandum transcript bulletin leaflet poster video
recording photograph map blueprint invoice receipt ticket visa permit licence contract treaty
protocol communiqué résumé café cathedral basilica monastery shrine palace castle
fortress garrison depot refinery reactor dam reservoir power-plant substation laboratory factory
mill quarry mine vineyard orchard plantation ranch village suburb district province canton
oblast valley plateau oasis delta lagoon peninsula archipelago strait estuary canal lighthouse
jetty pier dock shipyard tanker trawler yacht submarine frigate corvette helicopter glider
balloon parachute runway hangar terminal carriage locomotive tram funicular motorcade motorcycle
bicycle caravan camel mule stable corral bazaar arcade kiosk boutique bakery butcher pharmacy
clinic orphanage kindergarten university library museum gallery theatre cinema opera ballet
orchestra choir carnival circus marathon regatta tournament championship derby referendum
election coronation wedding funeral vigil anniversary jubilee summit congress symposium seminar
tribunal inquest amnesty extradition ransom blackmail forgery smuggling sabotage arson poison
nerve-agent dynamite grenade mortar howitzer landmine detonator fuse timer battery chemist
fertiliser gas canister suitcase backpack briefcase parcel envelope postcard stamp lantern
whistle drum banner façade mélange naïveté æther phylactery obsidian zeppelin quinine
"""

CITIES = """
Łódź Médéa Gao Kabul Basra Lyon Mombasa Nairobi Quetta Ankara Kraków Medellín Tripoli Aden
Beirut Córdoba Manila Lagos Tunis Oran Kidal Goma Bamako Karachi Mosul Aleppo Adana Málaga
Zürich København Tromsø Malmö Göteborg Reykjavík Brașov Plovdiv Niš Čačak Šibenik Győr Pécs
Košice Plzeň Łomża Poznań Mariupol Lviv Odesa Batumi Gəncə Osh Herat Jalālābād Peshawar Srinagar
Colombo Chittagong Mandalay Đà-Nẵng Huế Cebu Davao Ambon Medan Perth Suva Nouméa Papeete
Antsirabe Mahajanga Nampula Lobito São-Tomé Malabo Garoua N’Djamena Agadez Zinder Niamey Sokoto
Kano Maiduguri Bouaké Kumasi Lomé Thiès Nouakchott Agadir Fès Béjaïa Sfax Benghazi Aswān Suez
Port-Said Asmara Djibouti Hargeisa Santa-Marta Cúcuta Maracaibo Iquitos Ayacucho Concepción
Rosario Asunción Belém São-Luís Bogotá
"""

OUTCOMES = """
feared denied ignored confirmed discussed mentioned doubted described recalled repeated withheld
exaggerated contradicted minimised corroborated scrutinised deciphered
"""

_NOUNS, _CITIES, _OUTCOMES = (by_rank(text.split()) for text in (NOUNS, CITIES, OUTCOMES))

SENTENCES = [
    "The {0} about the {1} in {city} {verb} the {2}.",
    "The {0} {verb} that the {1} was near the {2}.",
    "Officials {verb} the {0} and the {1}, but not the {2}.",
    "In {city} the {0} was linked to the {1} of the {2}.",
    "No {0} was found, though the {1} had {verb} the {2}.",
    "The {0} came through the {1} and was {verb} by the {2}.",
    "Those who guarded the {0} {verb} the {1} before the {2}.",
]

CONTENTS = [
    "That somebody was to strike the {0} in {city}.",
    "That the {0} had spoken of the {1} and of the {2}.",
    "That those near the {0} in {city} should stay away from every {1}.",
    "That the {0} with the {1} was on the way to the {2}.",
]

QUOTES = [
    "we told them about the {0} and the {1}",
    "there was some {0}, and nobody {verb} it",
    "the {0} in {city} was {verb} in good time",
    "it was the {0}, not the {1}",
]

PLACES = weighted(
    {"{city}": 5, "the {0} in {city}": 4, "near the {0} of {city}": 2, "north of {city}": 1}
)
TARGETS = weighted(
    {"the {0}": 5, "the {0} of the {1}": 2, "people at the {0}": 3, "the {0} in {city}": 1}
)
TITLES = weighted(
    {
        "{0} threat in {city}": 4,
        "warning of the {0} in {city}": 3,
        "{0} and {1} in {city}": 2,
        "the {city} {0}": 1,
    }
)
_SENTENCES, _CONTENTS, _QUOTES = by_rank(SENTENCES), by_rank(CONTENTS), by_rank(QUOTES)


def fill(rng: Random, pattern: str) -> str:
    """Return a pattern filled with random words."""
    nouns = [_NOUNS.draw(rng) for _ in range(3)]
    # The lists are split at spaces, so names of two words have a hyphen there: “São-Tomé”.
    city = _CITIES.draw(rng).replace("-", " ")
    return pattern.format(*nouns, city=city, verb=_OUTCOMES.draw(rng))


def from_pattern(rng: Random, patterns: Weighted[str]) -> str:
    return fill(rng, patterns.draw(rng))


def sentence(rng: Random) -> str:
    return from_pattern(rng, _SENTENCES)


def content(rng: Random) -> str:
    """Return the content of a warning."""
    return from_pattern(rng, _CONTENTS)


def quote(rng: Random) -> str:
    """Return a short quote, within the limit of the model."""
    return from_pattern(rng, _QUOTES)


def summary(rng: Random) -> str:
    """Return two to four sentences, and the label that the case is made up."""
    return " ".join([*(sentence(rng) for _ in range(rng.randint(2, 4))), MADE_UP])
