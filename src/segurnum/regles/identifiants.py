"""Identifiers that people give: SIRET, SIREN, FINESS, PMSI, RPPS, AM, ANS number, e-mail, telephone, IBAN, BIC.

Every `est_*` takes text already stripped and judges it strictly: ASCII digits only, no separator
(telephones excepted), and never a placeholder made of zeros. They are called thousands of times per file,
so the cheap test comes first and the libraries only see what it cannot settle.
"""

import re
from functools import lru_cache
from ipaddress import ip_address
from itertools import product
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban as _stdnum_iban
from stdnum.fr import siret as _stdnum_siret

from segurnum.regles.erreurs import RefusMetier

# Doubled digit, its two figures added: 7 -> 14 -> 5.
_DOUBLE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
# In the key of a Corsican FINESS, A counts 1 and B counts 2, as in a French bank key. Numbers published by
# the regional health agency (2B0000020, 2B0004246, 2B0005342) pass so, and fail when the letter counts 0
# or is left out.
_VALEURS = {**{str(chiffre): chiffre for chiffre in range(10)}, "A": 1, "B": 2}

_SIRET = re.compile(r"(?!0+\Z)[0-9]{14}")
_FINESS = re.compile(r"(?!0+\Z)(?:[0-9]{2}|2[AB])[0-9]{7}")
_RPPS = re.compile(r"(?!0+\Z)[0-9]{11}")
_AM = re.compile(r"(?!0+\Z)[0-9]{9}")
_NUMERO_ANS = re.compile(r"[0-9A-Za-z]{10}")

# La Poste's establishments share one SIREN and follow a rule of their own.
_SIREN_LA_POSTE = "356000000"

# Plainly good addresses, short enough (64) that no length limit can be broken; the rest goes to the library.
_COURRIEL_SIMPLE = re.compile(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}",
    re.IGNORECASE | re.ASCII,
)

_DOMAINES_RESERVES = frozenset(("arpa", "invalid", "local", "localhost", "onion", "test"))

_FORME_TELEPHONE = re.compile(r"[+0][0-9](?:[ .\-\u00a0\u202f]?[0-9]){5,18}")
_BLANCS_TELEPHONE = re.compile(r"[ .\-\u00a0\u202f]")
# « +33 (0)1… »: the zero that is dialled inside the country only.
_ZERO_ENTRE_PARENTHESES = re.compile(r"(?<=[0-9])[ .\u00a0\u202f]?\(0\)")
# Ten digits of metropolitan ranges, a subset of the library's own FR table (proved by the tests).
_TELEPHONE_SIMPLE = re.compile(r"0(?:[13][0-9]|2[0-57-9]|4[1-9]|5[0-8]|6[0-24-8]|7[3-9]|9[0-9])[0-9]{7}")
# Overseas numbers written "0262 12 34 56" are unknown to region FR: each region must be tried.
_OUTRE_MER = ("GP", "MQ", "GF", "RE", "YT", "PM")
_REGIONS_FRANCAISES = frozenset(("FR", *_OUTRE_MER, "BL", "MF", "NC", "PF", "WF"))
# Ranges where an overseas reading comes before the one of region FR, which would take some of them.
_PREFIXE_OUTRE_MER = re.compile(r"0(?:26|59|69|639)")

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# Regions that have a telephone are the countries and territories that have a code: no other list is needed.
_PAYS_ISO = phonenumbers.SUPPORTED_REGIONS | {"PN", "TF"}
# Countries whose accounts a SEPA transfer reaches (European Payments Council, list of 2025, Serbia included).
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT "
    "RO RS SE SI SK SM VA"
)
PAYS_SEPA = frozenset(_SEPA.split())
# Countries of a BIC that go with another country's IBAN: territories whose accounts are numbered as the mainland's.
_PAYS_DU_BIC = {
    "FR": _REGIONS_FRANCAISES | {"MC", "TF"},
    "MC": frozenset(("MC", "FR")),
    "GB": frozenset(("GB", "GG", "IM", "JE")),
    "FI": frozenset(("FI", "AX")),
}
# Letters of a French account count as figures in the key of the RIB: A and J 1, B, K and S 2…
_CHIFFRES_RIB = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def _somme_luhn(texte: str) -> int:
    """Luhn sum of digits (and A, B), the last character being the key."""
    valeurs = [_VALEURS[caractere] for caractere in reversed(texte)]
    return sum(valeurs[::2]) + sum(_DOUBLE[valeur] for valeur in valeurs[1::2])


# The sums of every three characters, the last one counted once or doubled: three look-ups judge a FINESS number.
_PAR_TROIS = {
    trois: (_somme_luhn(trois), _somme_luhn(f"{trois}0"))
    for trois in map("".join, (*product("0123456789", repeat=3), *product("2", "AB", "0123456789")))
}


def _luhn_juste(texte: str) -> bool:
    return _somme_luhn(texte) % 10 == 0


def cle_luhn(prefixe: str) -> str:
    """Key digit that makes `prefixe` + key pass Luhn: how invented identifiers are made valid."""
    return str(-_somme_luhn(prefixe + "0") % 10)


def est_siret(s: str) -> bool:
    """True for an establishment number: 14 digits, Luhn on the whole and on its SIREN (La Poste excepted)."""
    if _SIRET.fullmatch(s) is None:
        return False
    if s.startswith(_SIREN_LA_POSTE):
        return bool(_stdnum_siret.is_valid(s))
    return _luhn_juste(s) and _luhn_juste(s[:9])


def est_finess(s: str) -> bool:
    """True for a FINESS number: 9 characters, digits with 2A or 2B possible as department, Luhn."""
    if _FINESS.fullmatch(s) is None:
        return False
    return (_PAR_TROIS[s[:3]][0] + _PAR_TROIS[s[3:6]][1] + _PAR_TROIS[s[6:]][0]) % 10 == 0


def est_pmsi(s: str) -> bool:
    """True for a PMSI number of a hospital: written and keyed as a FINESS number."""
    return est_finess(s)


def est_rpps(s: str) -> bool:
    """True for the national number of a health professional: 11 digits, Luhn."""
    if _RPPS.fullmatch(s) is None:
        return False
    fin = _PAR_TROIS[s[2:5]][0] + _PAR_TROIS[s[5:8]][1] + _PAR_TROIS[s[8:]][0]
    return (_PAR_TROIS["0" + s[:2]][1] + fin) % 10 == 0


def est_am(s: str) -> bool:
    """True for an Assurance Maladie number of a pharmacy: 9 digits, no public key."""
    return _AM.fullmatch(s) is not None


def est_numero_ans(s: str) -> bool:
    """True for an ANS referencing number: 10 ASCII letters or digits, case kept."""
    return _NUMERO_ANS.fullmatch(s) is not None


def est_courriel(s: str) -> bool:
    """True for an e-mail address the portal can write to: ASCII only, syntax only (no network)."""
    if (
        len(s) <= 64
        and _COURRIEL_SIMPLE.fullmatch(s)
        and s.rpartition(".")[2].lower() not in _DOMAINES_RESERVES
    ):
        return True
    return len(s) <= 254 and s.isascii() and _courriel_selon_la_bibliotheque(s)


def adresse_comparable(s: str) -> str:
    """The one form under which two writings of an address are the same; empty for what is not printable ASCII.

    Letter case is folded for ASCII letters only: other alphabets have letters that fold into them (« K » of Kelvin).
    """
    adresse = s.strip()
    return adresse.lower() if adresse.isascii() and adresse.isprintable() else ""


def est_lien_web(s: str) -> bool:
    """True for a whole web address, http or https, of 500 characters at most, without user nor password, that anybody
    can open: neither this machine's, nor an internal network's.
    """
    if len(s) > 500 or not s.isprintable() or any(c.isspace() or c in '<>"\\' for c in s):
        return False
    try:
        lu = urlsplit(s)
        lu.port  # noqa: B018 (read to be judged: a wrong one raises)
    except ValueError:
        return False
    hote = (lu.hostname or "").removesuffix(".")
    return lu.scheme in ("http", "https") and lu.username is None and _est_un_hote_public(hote)


def normaliser_lien_web(s: str) -> str:
    """« www.… » as people type it, made whole."""
    return f"https://{s}" if s[:4].lower() == "www." else s


_SUFFIXES_INTERNES = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "invalid",
    "test",
)


def _est_un_hote_public(hote: str) -> bool:
    try:
        return ip_address(hote).is_global
    except ValueError:
        nom, _, suffixe = hote.rpartition(".")
    # A last label of figures is an address of machine, however it is written.
    interne = suffixe in _SUFFIXES_INTERNES or suffixe[:1].isdigit()
    return bool(nom) and bool(suffixe) and ".." not in hote and not hote.startswith(".") and not interne


@lru_cache(maxsize=4096)
def _courriel_selon_la_bibliotheque(s: str) -> bool:
    try:
        validate_email(s, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def normaliser_iban(s: str) -> str:
    """The IBAN or BIC as it is kept: capitals, without blanks, hyphens nor dots (ENR-050: pasting works)."""
    return re.sub(r"[\s.\-\u200b\u2060\ufeff]", "", s).upper().removeprefix("IBAN").lstrip(":")


def est_iban(s: str) -> bool:
    """True for an account that a SEPA transfer reaches: country, length, key; the key of the RIB for a French one."""
    if _IBAN.fullmatch(s) is None or s[:2] not in PAYS_SEPA:
        return False
    if not _stdnum_iban.is_valid(s, check_country=False):
        return False
    return s[:2] not in ("FR", "MC") or cle_rib(s[4:25]) == s[25:]


def iban_en_groupes(iban: str) -> str:
    """« FR76 3000 4000 … », as banks print it."""
    return " ".join(iban[debut : debut + 4] for debut in range(0, len(iban), 4))


def iban_masque(iban: str) -> str:
    """Enough to recognise an account, not enough to use it: « FR76 •••• •••• 1234 ».

    Raises ValueError when the text is too short to be an IBAN (15 characters): the mask would show it all.
    """
    if len(iban) < 15:
        raise ValueError("Un IBAN compte au moins 15 caractères : ce compte ne peut pas être masqué.")
    return f"{iban[:4]} •••• •••• {iban[-4:]}"


def cle_rib(compte: str) -> str:
    """The two figures that end a French RIB: `compte` is bank (5), branch (5) and account (11)."""
    chiffres = compte.translate(_CHIFFRES_RIB)
    somme = 89 * int(chiffres[:5]) + 15 * int(chiffres[5:10]) + 3 * int(chiffres[10:])
    return f"{97 - somme % 97:02d}"


def est_bic(s: str) -> bool:
    """True for the form of a BIC: bank (4 letters), country, place, branch or none (8 or 11 characters)."""
    forme = _BIC.fullmatch(s)
    return forme is not None and forme[1] in _PAYS_ISO


def bic_coherent(iban: str, bic: str) -> bool:
    """True when the bank of `bic` may hold the account `iban`: same country, territories told apart (ENR-050)."""
    return bic[4:6] in _PAYS_DU_BIC.get(iban[:2], {iban[:2]})


def est_telephone(s: str) -> bool:
    """True for a French telephone, overseas included; spaces, dots and hyphens may separate figures.

    « +33 (0)1 23 45 67 89 » is one too, and no-break spaces separate as spaces do.
    """
    return _TELEPHONE_SIMPLE.fullmatch(s) is not None or _telephone_international(s) is not None


def lire_iban(s: str) -> str:
    """In one block. Raises RefusMetier when `s` is not an IBAN that may be paid to."""
    iban = normaliser_iban(s)
    if not est_iban(iban):
        raise RefusMetier(
            f"« {s} » n'est pas un IBAN valide : vérifiez le pays (zone SEPA), le nombre de signes et la clé, ou "
            "copiez-le depuis votre RIB."
        )
    return iban


def lire_bic(s: str) -> str:
    """In one block. Raises RefusMetier when `s` is not a BIC."""
    bic = normaliser_iban(s)
    if not est_bic(bic):
        raise RefusMetier(f"« {s} » n'est pas un BIC : 8 ou 11 signes sont attendus.")
    return bic


def normaliser_telephone(s: str) -> str:
    """International form without separators ("+33123456789", "+262262123456").

    Raises RefusMetier when `s` is not a French telephone.
    """
    if _TELEPHONE_SIMPLE.fullmatch(s) is not None:
        return "+33" + s[1:]
    normal = _telephone_international(s)
    if normal is None:
        raise RefusMetier(
            f"« {s} » n'est pas un numéro de téléphone français : dix chiffres commençant par 0, "
            "ou la forme internationale (+33…), sont attendus."
        )
    return normal


def ecrire_telephone(s: str) -> str:
    """« 01 23 45 67 89 », however it was typed; what is not a French telephone stays as it is."""
    try:
        numero = phonenumbers.parse(normaliser_telephone(s.strip()))
    except ValueError:
        return s
    national = phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.NATIONAL)
    if national.startswith("0"):
        return national
    # Some territories have no zero to dial first: without its prefix, their number could be anybody's.
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _regions_a_essayer(texte: str) -> tuple[str | None, ...]:
    if texte.startswith("+"):
        return (None,)
    return (*_OUTRE_MER, "FR") if _PREFIXE_OUTRE_MER.match(texte) else ("FR", *_OUTRE_MER)


@lru_cache(maxsize=4096)
def _telephone_international(s: str) -> str | None:
    if s.startswith(("+", "00")):
        s = _ZERO_ENTRE_PARENTHESES.sub("", s, count=1)
    if _FORME_TELEPHONE.fullmatch(s) is None:
        return None
    texte = _BLANCS_TELEPHONE.sub("", s)
    texte = "+" + texte[2:] if texte.startswith("00") else texte
    for region in _regions_a_essayer(texte):
        try:
            numero = phonenumbers.parse(texte, region)
        except phonenumbers.NumberParseException:
            continue
        trouvee = phonenumbers.region_code_for_number(numero)
        # The region alone proves nothing: +33 has one region, given back even for a number that is not valid.
        if trouvee in _REGIONS_FRANCAISES and phonenumbers.is_valid_number(numero):
            return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
    return None
