"""The sanctions programmes that a release acts under, or is about.

A programme is told by what it rests on: the executive orders and laws that it is run under, the tags that its entries
carry in the lists of the Office of Foreign Assets Control (OFAC), and whom its sanctions are against. The table says
which belong to which; all of it is public, see https://ofac.treasury.gov/sanctions-programs-and-country-information.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.release import Release, Span

#: Raise it whenever a release may be given other programmes than before: indexes are then brought into step.
PROGRAMMES_VERSION = 1


@dataclass(frozen=True)
class Programme:
    """A programme and what it is told by.

    ``orders`` are numbers of executive orders, ``tags`` what the tags of OFAC's lists begin with. The others are
    patterns: ``laws`` of the names of laws, regulations and kinds of listed persons; ``subjects`` of whom a title about
    sanctions names where they are the programme's; ``called`` of what else stands beside the word "sanctions". A place
    where people of many programmes are found (Lebanon, Afghanistan) is no subject.
    """

    name: str
    orders: frozenset[str]
    laws: tuple[str, ...]
    tags: tuple[str, ...]
    subjects: tuple[str, ...]
    called: tuple[str, ...]

    @cached_property
    def cited(self) -> re.Pattern[str] | None:
        """A law or a tag of it; None where it has neither."""
        ways = [rf"(?<!\w)(?:{'|'.join(self.laws)})(?!\w)"] if self.laws else []
        ways += [rf"\[(?:{'|'.join(self.tags)})[A-Z0-9 -]*\]"] if self.tags else []
        return re.compile("|".join(ways)) if ways else None

    @cached_property
    def subject(self) -> re.Pattern[str] | None:
        """Whom a title names, in any letters: old titles are in capitals. None where no title tells."""
        names = "|".join(self.subjects)
        return re.compile(rf"(?<!\w)(?:{names})(?!\w|-based)", re.I) if names else None

    @cached_property
    def named(self) -> re.Pattern[str] | None:
        """Any name of whom or what it is against."""
        return re.compile(rf"{self._whom}(?!\w)") if self._whom else None

    @cached_property
    def before_sanctions(self) -> re.Pattern[str] | None:
        """What of it stands before the word, at the end of a text: "Iran", "Russia-related"."""
        kind = r"(?:economic|energy|financial|nuclear|oil|sectoral|targeted)"
        return re.compile(rf"{self._whom}(?:[’'‘]s)?(?:[- ]related)?(?: {kind})? $") if self._whom else None

    @cached_property
    def after_sanctions(self) -> re.Pattern[str] | None:
        """What of it stands after the word, at the start of a text: "against the Government of Iran"."""
        link = r" (?:imposed |regime )?(?:against|on|regarding|relat(?:ed|ing) to|targeting|with respect to)"
        return re.compile(rf"{link} (?:the )?(?:\w+ ){{0,3}}{self._whom}(?!\w)") if self._whom else None

    @property
    def _whom(self) -> str:
        names = "|".join((*self.subjects, *self.called))
        return rf"(?<!\w)(?:{names})" if names else ""


def _programme(
    name: str,
    *,
    orders: str = "",
    laws: tuple[str, ...] = (),
    tags: str = "",
    subjects: tuple[str, ...] = (),
    called: tuple[str, ...] = (),
) -> Programme:
    return Programme(name, frozenset(orders.split()), laws, tuple(tags.split()), subjects, called)


PROGRAMMES = (
    _programme(
        "Iran",
        orders=(
            "12170 12613 12957 12959 13059 13553 13574 13590 13599 13606 13608 13622 13628 13645 13716 13846 13871 "
            "13876 13902 13949"
        ),
        laws=(
            "Iran Sanctions Act",
            "Iran and Libya Sanctions Act",
            "Comprehensive Iran Sanctions",  # Accountability, and Divestment Act, with and without commas
            "CISADA",
            "Iran Threat Reduction",  # and Syria Human Rights Act
            "Iran Freedom and Counter-Proliferation Act",
            "IFCA",
            "Iranian Transactions Regulations",
            "Iranian Transactions and Sanctions Regulations",
            "Iranian Financial Sanctions Regulations",
            "Iranian Assets Control Regulations",
        ),
        tags="IRAN IFSR IRGC IFCA HRIT-IR FSE-IR",
        subjects=(
            "(?<!in )Iran",
            "Iran(?=[’'‘]s)",
            "Iranian",
            "IRGC",
            "Islamic Revolutionary Guard",
            "Joint Comprehensive Plan of Action",
        ),
    ),
    _programme(
        "Russia and Ukraine",
        orders="13660 13661 13662 13685 13849 14024 14039 14065 14066 14068 14071 14114",
        laws=(
            "Ukraine Freedom Support Act",
            "Sergei Magnitsky Rule of Law Accountability Act",
            "Protecting Europe[’'‘]s Energy Security Act",
            "PEESA",
            "Ukraine[- ]Related Sanctions Regulations",
            "Russian Harmful Foreign Activities Sanctions Regulations",
        ),
        tags="RUSSIA UKRAINE CAATSA-RUSSIA PEESA MAGNIT",
        subjects=("Russia", "Russian", "Crimea", "Kremlin", "Putin", "Rusal"),
        called=("Ukraine",),
    ),
    _programme(
        "North Korea",
        orders="13466 13551 13570 13687 13722 13810",
        laws=(
            "North Korea Sanctions and Policy Enhancement Act",
            "NKSPEA",
            "Otto Warmbier",  # North Korea Nuclear Sanctions and Enforcement Act
            "North Korea Sanctions Regulations",
        ),
        tags="DPRK",
        subjects=("North Korea", "North Korean", "DPRK", "Democratic People[’'‘]s Republic of Korea"),
    ),
    _programme(
        "Counter-narcotics",
        orders="12978 14059",
        laws=(
            "Kingpin Act",
            "Narcotics Kingpin Designation Act",
            "Narcotics Kingpin Sanctions Regulations",
            "Narcotics Trafficking Sanctions Regulations",
            "Fentanyl Sanctions Act",
            "FEND Off Fentanyl Act",
            "[Ss]pecially [Dd]esignated [Nn]arcotics [Tt]raffickers?",
        ),
        tags="SDNT ILLICIT-DRUGS",
        subjects=("Narcotics", "Drugs?", "Kingpins?", "Cartels?", "Fentanyl", "Cocaine", "Heroin"),
    ),
    _programme(
        "Counter-terrorism",
        orders="12947 13099 13224 13372 13886 14157",
        laws=(
            "Hizballah International Financing Prevention",  # Act, and its Amendments Act
            "Hizballah Financial Sanctions Regulations",
            "Global Terrorism Sanctions Regulations",
            "[Ss]pecially [Dd]esignated (?:[Gg]lobal )?[Tt]errorists?",
            "SDGTs?",
        ),
        tags="SDGT SDT FTO",
        subjects=(
            "(?<!for )Terrorists?",
            "Terrorism(?! (?:[Aa]nd (?:Financial|Illicit)|Risk|Insurance))",
            "Terror",
            "Bin Lad[ei]n",
            "Jemaah Islamiyah?",
            "Hizballah",
            "Hezbollah",
            "Hamas",
            "ISIS",
            "ISIL",
            "[Aa]l[- ]Qa(?:[’'‘]?i|e)da",
            "Taliban",
            "Houthis?",
            "[Aa]l[- ]Shabaab",
        ),
    ),
    _programme(
        "Cyber",
        orders="13694 13757 14144 14306",
        laws=("Cyber-Related Sanctions Regulations",),
        tags="CYBER",
        subjects=("Cyber", "Cyber[- ]?(?:attacks?|crime|criminals?|enabled|related)", "Ransomware", "Hackers?"),
    ),
    _programme(
        "Global Magnitsky",
        orders="13818",
        laws=("Global Magnitsky(?: Human Rights Accountability)? Act", "Global Magnitsky Sanctions Regulations"),
        tags="GLOMAG",
        called=("Global Magnitsky",),
    ),
    _programme(
        "Non-proliferation",
        orders="12938 13094 13382",
        laws=(
            "Iran, North Korea,? and Syria Nonproliferation Act",
            "Weapons of Mass Destruction Proliferators Sanctions Regulations",
        ),
        tags="NPWMD",
        subjects=("Proliferat(?:ion|ors?)", "WMD", "Weapons of Mass Destruction"),
    ),
    _programme(
        "Transnational crime",
        orders="13581 13863",
        laws=("Transnational Criminal Organizations Sanctions Regulations",),
        tags="TCO",
        subjects=("Transnational Crim(?:e|inals?)", "Transnational Organized Crime", "Yakuza", "Camorra", "MS-13"),
    ),
    _programme(
        "Venezuela",
        orders="13692 13808 13827 13835 13850 13857 13884",
        laws=("Venezuela Defense of Human Rights and Civil Society Act", "Venezuela Sanctions Regulations"),
        tags="VENEZUELA",
        subjects=("Venezuela", "Venezuelan", "Maduro"),
    ),
    _programme(
        "Syria",
        orders="13338 13399 13460 13572 13573 13582 13606 13608 13894 14142 14312",
        laws=(
            "Caesar Syrian? Civilian Protection Act",
            "Caesar Act",
            "Syria Accountability",  # and Lebanese Sovereignty Restoration Act
            "Iran Threat Reduction and Syria Human Rights Act",
            "Syrian? Sanctions Regulations",
        ),
        tags="SYRIA HRIT-SY FSE-SY",
        subjects=("Syria", "Syrian", "Asad", "Assad"),
    ),
    _programme(
        "Belarus",
        orders="13405 14038",
        laws=("Belarus Democracy Act", "Belarus Sanctions Regulations"),
        tags="BELARUS",
        subjects=("(?<!in )Belarus", "Belarusian", "Lukashenk[ao]"),
    ),
    _programme(
        "Burma",
        orders="13047 13310 13448 13464 13619 13651 13742 14014",
        laws=(
            "JADE Act",
            "Block Burmese JADE",
            "Burmese Freedom and Democracy Act",
            "Burm(?:a|ese) Sanctions Regulations",
        ),
        tags="BURMA JADE",
        subjects=("Burma", "Burmese", "Myanmar"),
    ),
    _programme(
        "Zimbabwe",
        orders="13288 13391 13469 14118",
        laws=("Zimbabwe Democracy and Economic Recovery Act", "Zimbabwe Sanctions Regulations"),
        tags="ZIMBABWE",
        subjects=("Zimbabwe", "Zimbabwean", "Mugabe"),
    ),
    _programme(
        "DR Congo",
        orders="13413 13671",
        laws=("Democratic Republic of the Congo Sanctions Regulations",),
        tags="DRCONGO",
        called=("Democratic Republic of (?:the )?Congo", "DRC", "Congo", "Congolese"),
    ),
    _programme(
        "Lebanon",
        orders="13441",
        laws=("Lebanon Sanctions Regulations",),
        tags="LEBANON",
        called=("Lebanon", "Lebanese"),
    ),
    _programme(
        "Iraq",
        orders="12722 12724 12817 13290 13303 13315 13350 13364 13438 13668",
        laws=("Iraqi? Sanctions Regulations", "Iraq Stabilization and Insurgency Sanctions Regulations"),
        tags="IRAQ",
        subjects=("Iraqi (?:Assets?|Funds|Insurgency|Regime)", "Saddam"),
        called=("Iraqi?",),
    ),
    _programme(
        "Libya",
        orders="12543 12544 12801 13357 13566 13726",
        laws=("Iran and Libya Sanctions Act", "Libyan? Sanctions Regulations"),
        tags="LIBYA",
        subjects=("(?<!in )Libya", "Libyan", "Qadhafi", "Qaddafi", "Gaddafi"),
    ),
    _programme(
        "Somalia",
        orders="13536 13620",
        laws=("Somalia Sanctions Regulations",),
        tags="SOMALIA",
        called=("Somalia", "Somali"),
    ),
    _programme(
        "Sudan",
        orders="13067 13400 13412 13761 13804 14098",
        laws=(
            "Sudan(?:ese)? Sanctions Regulations",
            "Darfur Sanctions Regulations",
            "Sudan Stabilization Sanctions Regulations",
            "Darfur Peace and Accountability Act",
        ),
        tags="SUDAN DARFUR",
        subjects=("(?<!in )(?<!South )Sudan", "(?<!South )Sudanese Government"),
        called=("(?<!South )Sudanese", "Darfur"),
    ),
    _programme(
        "South Sudan",
        orders="13664",
        laws=("South Sudan Sanctions Regulations",),
        tags="SOUTH-SUDAN",
        called=("South Sudan", "South Sudanese"),
    ),
    _programme(
        "Yemen",
        orders="13611",
        laws=("Yemen Sanctions Regulations",),
        tags="YEMEN",
        called=("Yemen", "Yemeni"),
    ),
    _programme(
        "Western Balkans",
        orders="12808 12810 12831 12846 12934 13088 13121 13192 13219 13304 14033 14140",
        laws=("Western Balkans(?: Stabilization)? (?:Sanctions )?Regulations",),
        tags="BALKANS",
        called=("Balkans", "Milosevic", "Yugoslavia", "Serbia", "Bosnian?", "Republika Srpska", "Kosovo"),
    ),
    _programme(
        "Cuba",
        orders="12854",
        laws=(
            "Cuban Assets Control Regulations",
            "CACR",
            "Cuban Democracy Act",
            "Cuban Liberty and Democratic Solidarity",
            "Helms-Burton",
        ),
        tags="CUBA",
        subjects=("Cuba", "Cuban", "Castro"),
    ),
    _programme(
        "Nicaragua",
        orders="13851 14088",
        laws=("Nicaragua Human Rights and Anticorruption Act", "Nicaragua Sanctions Regulations"),
        tags="NICARAGUA",
        subjects=("Nicaragua", "Nicaraguan", "Ortega"),
    ),
    _programme(
        "Hostages and wrongful detention",
        orders="14078",
        laws=("Levinson Hostage Recovery", "Hostages and Wrongfully Detained U\\.S\\. Nationals Sanctions Regulations"),
        tags="HOSTAGES",
        called=("Wrongful(?:ly)? Det(?:ention|ained)", "Hostage[- ]Taking"),
    ),
    _programme(
        "Ethiopia",
        orders="14046",
        laws=("Ethiopia Sanctions Regulations",),
        tags="ETHIOPIA",
        called=("Ethiopia", "Ethiopian", "Eritrean?", "Tigray"),
    ),
    _programme(
        "Hong Kong",
        orders="13936",
        laws=("Hong Kong Autonomy Act", "Hong Kong-Related Sanctions Regulations"),
        tags="HK-",
        called=("Hong Kong",),
    ),
    _programme(
        "Chinese military companies",
        orders="13959 13974 14032",
        laws=("Chinese Military-Industrial Complex Sanctions Regulations",),
        tags="CMIC CCMC",
        called=("Chinese Military[- ](?:Industrial|Compan)",),
    ),
    _programme(
        "Election interference",
        orders="13848",
        laws=("Foreign Interference in U\\.S\\. Elections Sanctions Regulations",),
        tags="ELECTION",
        called=("[Ee]lection [Ii]nterference",),
    ),
    _programme(
        "Central African Republic",
        orders="13667",
        laws=("Central African Republic Sanctions Regulations",),
        tags="CAR",
        called=("Central African Republic",),
    ),
    _programme(
        "Burundi",
        orders="13712 14054",
        laws=("Burundi Sanctions Regulations",),
        tags="BURUNDI",
        called=("Burundi",),
    ),
    _programme("Mali", orders="13882", laws=("Mali Sanctions Regulations",), tags="MALI-", called=("Mali", "Malian")),
    _programme(
        "Liberia",
        orders="13348 13710",
        laws=("Former Liberian Regime of Charles Taylor Sanctions Regulations",),
        tags="LIBERIA",
        called=("Liberia", "Liberian", "Charles Taylor"),
    ),
    _programme(
        "Côte d’Ivoire",
        orders="13396 13739",
        laws=("Côte d[’'‘]Ivoire Sanctions Regulations",),
        tags="COTED",
        called=("C[oô]te d[’'‘]Ivoire", "Ivory Coast"),
    ),
    _programme("Angola", orders="12865 13069 13098 13298", tags="UNITA", called=("UNITA", "Angolan?")),
    _programme(
        "Afghanistan",
        orders="13129 13268 14064",
        laws=("Taliban \\(Afghanistan\\) Sanctions Regulations",),
        tags="TALIBAN",
        called=("Afghanistan", "Afghan", "Taliban"),
    ),
    _programme(
        "West Bank",
        orders="14115",
        laws=("West Bank-Related Sanctions Regulations",),
        tags="WEST-BANK",
        called=("West Bank",),
    ),
    _programme(
        "International Criminal Court", orders="13928 14203", tags="ICC", called=("International Criminal Court",)
    ),
)

#: Any law or tag of any programme: one pass over a text instead of one for each, past words in small letters.
_CITED = re.compile(
    rf"(?<!\w)(?=[A-Zs\[])(?:{'|'.join(programme.cited.pattern for programme in PROGRAMMES if programme.cited)})"
)
_BY_ORDER = {
    number: tuple(programme.name for programme in PROGRAMMES if number in programme.orders)
    for number in frozenset[str]().union(*(programme.orders for programme in PROGRAMMES))
}

#: What a release about sanctions speaks of; all others are left alone.
_SANCTIONS = re.compile(
    r"\b(?:[Ss]anction|[Dd]esignat|[Bb]lock(?:ed|ing)\b|[Ff](?:reez|roze)|[Gg]eneral [Ll]icense|[Pp]rice [Cc]ap\b|"
    r"OFAC\b|Foreign Assets Control)"
)
#: What a title says where sanctions are imposed, eased or enforced.
_ACT = re.compile(
    r"\b(?:action(?! plan)|asset|block|cuts\b|delist|designat|disrupt|eas(?:ed|es|ing)\b|embargo|executive order|expos|"
    r"E\.?O\.?\b|freez|froze|identif|licen[cs]|penalt|pressure|prohibit|sanction|target)",
    re.I,
)
_ORDERS = re.compile(
    r"(?:\bExecutive\s+Orders?|\bE\. ?O\.?s?|\bEOs?)(?:\W|E\.?O\.?s?\b|Nos?\b){0,14}?"
    r"(?P<numbers>1\d,?\d{3}\b(?:(?:, (?:and |or )?| and | or | ?/ ?)1\d,?\d{3}\b)*)",
    re.I,
)
_ORDER = re.compile(r"1\d,?\d{3}")
#: The first orders of presidents since 2001. Releases mistype numbers: 13882, of 2019, for 13382.
_FIRST_ORDERS = {
    13198: datetime.date(2001, 1, 20),
    13489: datetime.date(2009, 1, 20),
    13765: datetime.date(2017, 1, 20),
    13985: datetime.date(2021, 1, 20),
    14147: datetime.date(2025, 1, 20),
}
_ADVERBS = r"(?: (?:also|already|first|initially|itself|originally|previously|subsequently))*"
_DONE = re.compile(
    rf"\b(?:was|were|been|OFAC|Treasury|State|Department|States|previously|already){_ADVERBS} "
    r"(?:add|designat|identifi|list|nam|sanction)ed\b"
)
_EARLIER = re.compile(r"\b(?:[Aa]nnex|already|earlier|previously|(?:19|20)\d\d)\b")
_NOW = re.compile(r"\b(?:[Tt]oday|(?:is|are)(?: also| being)* (?:designat|identif|sanction)\w+)\b")
#: What may be a programme's: "Iran sanctions", "sanctions on Iran".
_WORD = re.compile(
    r"\b(?:[Ss]anctions|[Dd]esignations|[Gg]eneral [Ll]icenses?|[Pp]rice [Cc]ap|[Ee]conomic [Rr]estrictions)\b"
)
#: What a title says where it is about a programme's rules; then it tells by any name that the programme has.
_RULES = re.compile(r"\b(?:executive order|general licen[sc]e|sanctions (?:program|regulation))", re.I)
#: Characters at the start of a text in which what is spoken of once is what it is about.
OPENING = 1500
#: Characters before such a word that are looked at.
BESIDE = 60


def programmes_of(release: Release) -> tuple[str, ...]:
    """The names of the programmes that a release acts under or is about, in the table's order.

    A programme counts where an authority of it is cited, where a title about sanctions names whom it is against, or
    where its sanctions are spoken of early or repeatedly. Authorities that are only said to have been used before ("was
    designated pursuant to ... in 2012") count where nothing else does, as in a release that lifts what they imposed.
    """
    if not (_SANCTIONS.search(release.title) or _SANCTIONS.search(release.text)):
        return ()
    spoken = [Span(*match.span()) for match in _WORD.finditer(release.text)]
    now = {programme.name for programme in PROGRAMMES if _is_subject(programme, release, spoken)}
    before = set[str]()
    now.update(name for name, _ in _citations(release.title, release.date))
    for name, position in _citations(release.text, release.date):
        if name not in now:
            passage = _passage_at(release, position)
            (before if _tells_of_before(passage, release.date) else now).add(name)
    return tuple(programme.name for programme in PROGRAMMES if programme.name in (now or before))


def _is_subject(programme: Programme, release: Release, spoken: Sequence[Span]) -> bool:
    """Whether the title says so, or the programme's sanctions are spoken of early, or twice.

    ``spoken`` is where the text has a word for sanctions.
    """
    if programme.subject and _ACT.search(release.title) and programme.subject.search(release.title):
        return True
    if programme.named and _RULES.search(release.title) and programme.named.search(release.title):
        return True
    before, after = programme.before_sanctions, programme.after_sanctions
    if not before or not after:
        return False

    def its(text: str, start: int, end: int) -> bool:
        return bool(after.match(text, end) or before.search(text[max(0, start - BESIDE) : start]))

    if any(its(release.title, *match.span()) for match in _WORD.finditer(release.title)):
        return True
    positions = [start for start, end in spoken if its(release.text, start, end)]
    return len(positions) > 1 or any(position < OPENING for position in positions)


def _citations(text: str, date: datetime.date | None) -> Iterator[tuple[str, int]]:
    """The programmes whose authorities a text of that day cites, and where; a slip for a later order is none."""
    for match in _ORDERS.finditer(text):
        for written in _ORDER.findall(match["numbers"]):
            number = written.replace(",", "")
            if not date or date >= _not_signed_before(number):
                for name in _BY_ORDER.get(number, ()):
                    yield name, match.start()
    for match in _CITED.finditer(text):
        for programme in PROGRAMMES:
            if programme.cited and programme.cited.match(text, match.start()):
                yield programme.name, match.start()


def _not_signed_before(number: str) -> datetime.date:
    """The start of the term of the president who signed an order."""
    return max((day for first, day in _FIRST_ORDERS.items() if int(number) >= first), default=datetime.date.min)


def _passage_at(release: Release, position: int) -> str:
    """The sentence at a position of the text, or the paragraph where it is not in sentences."""
    paragraph = release.paragraphs[max(0, bisect_right(release.paragraphs, position, key=lambda p: p.start) - 1)]
    for start, end in paragraph.sentences:
        if start <= position < end:
            return release.text[start:end]
    return release.text[paragraph.start : paragraph.end]


def _tells_of_before(passage: str, date: datetime.date | None) -> bool:
    """Whether it says that persons were put on a list before the day of the release."""
    if _NOW.search(passage) or (date and f"{date:%B} {date.day}, {date.year}" in passage):
        return False
    return bool(_DONE.search(passage) and _EARLIER.search(passage))
