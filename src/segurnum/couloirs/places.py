"""Where, in the requests of one shape, stands what screens, rules and exports look for: read once in the declaration.

Every word of the declaration (a neighbour, a value, an order) is looked up here, when the couloir is built: one that
names nothing raises CouloirMalDeclare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from segurnum.couloirs.champs import Champ, Chemin, Choix, Identifiant, Objet, Tableau, Type, element, remplie
from segurnum.couloirs.erreurs import CouloirMalDeclare, connu
from segurnum.couloirs.roles import CELLULES, COCHES, Role

Demande = Mapping[str, Any]

BENEFICIAIRES, SCENARIO = "beneficiaires", "scenarioInstallation"
CHAMPS_MANDATAIRE = ("nomMandataire", "emailMandataire", "telephoneMandataire")


@dataclass(frozen=True, slots=True)
class Beneficiaire:
    """One row of « Liste bénéficiaire(s) ». `chemins`: where each identifier stands inside the request."""

    identifiants: tuple[str, ...]
    type_identifiant: str
    nom: str | None
    courriel: str | None
    telephone: str | None
    raison_sociale: str | None
    chemins: tuple[Chemin, ...]


@dataclass(frozen=True, slots=True)
class Mandataire:
    """Who orders on behalf of the beneficiaries."""

    nom: str | None
    courriel: str | None
    telephone: str | None


class Lieu(NamedTuple):
    """A field and its way from the request (or from a row of the scenario), lists crossed silently."""

    chemin: tuple[str, ...]
    champ: Champ


@dataclass(frozen=True)
class ListeBeneficiaires:
    """Where beneficiaries stand: `chemin` from the request, "*" meaning every element.

    `identifiants`: the fields and their kinds, the first filled one identifies; the field may hold a list.
    `quand`: the list counts only when this field of `beneficiaires` has this value.
    """

    chemin: tuple[str, ...]
    champs: tuple[Champ, ...]
    identifiants: tuple[tuple[str, str], ...]
    nom: str
    courriel: str
    telephone: str
    raison_sociale: str | None = None
    quand: tuple[str, str] | None = None


@dataclass(frozen=True)
class Variante:
    """A block of `beneficiaires` that one value of another field announces, and the fields then expected in it."""

    cle: str
    valeur: str
    bloc: str
    requis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """The answers, for the requests of one shape."""

    questions: tuple[Lieu, ...] = ()
    coches: tuple[Lieu, ...] = ()
    colonnes_scenario: tuple[Champ, ...] = ()
    listes: tuple[ListeBeneficiaires, ...] = ()
    variantes: tuple[Variante, ...] = ()
    paires_exclusives: tuple[tuple[str, str], ...] = ()
    cle_mandataire: str | None = None
    cle_client_unique: str | None = None
    un_seul_beneficiaire: bool = False
    sites_scenario: tuple[str, ...] = ()
    profil_scenario: str | None = None
    administrateurs: bool = False

    @property
    def scenario(self) -> bool:
        """True when the screen has something to say of the installation."""
        return bool(self.questions or self.colonnes_scenario)

    @property
    def profils(self) -> tuple[str, ...]:
        """What the software may have been referenced for, where a scenario is checked against it."""
        types = (champ.type for champ in self.colonnes_scenario if champ.role is Role.PROFIL)
        return next((type_.valeurs for type_ in types if isinstance(type_, Choix)), ())

    @property
    def libelle_identifiant(self) -> str:
        """What the column of the identifiers is called: « Numéro RPPS ou FINESS » (REQ-047, EXP-004)."""
        champs = [champ for liste in self.listes for champ in liste.champs]
        titres = " ou ".join(dict.fromkeys(champ.colonne or _sigle(champ) for champ in champs))
        return f"Numéro {titres}" if titres and not any(champ.colonne for champ in champs) else titres

    @property
    def titre_export(self) -> str:
        """What the exports head that column with (EXP-005)."""
        types = [champ.type for liste in self.listes for champ in liste.champs]
        dits = dict.fromkeys(un.export for un in types if isinstance(un, Identifiant) and un.export)
        return " ou ".join(dits) or self.libelle_identifiant

    @property
    def cle_identifiant(self) -> str:
        """The field of the file that identifies a beneficiary first."""
        return self.listes[0].identifiants[0][0] if self.listes else ""

    def beneficiaires(self, demande: Demande) -> list[Beneficiaire]:
        """One row per beneficiary, to show and to check unicity on."""
        return [
            _beneficiaire(liste, valeurs, chemin)
            for liste in self.listes
            if liste.quand is None or demande[BENEFICIAIRES][liste.quand[0]] == liste.quand[1]
            for chemin, valeurs in suivre(demande, liste.chemin)
        ]

    def porteurs(self, demande: Demande) -> list[tuple[Chemin, Demande]]:
        """The objects that may name a mandataire, with their path inside the request."""
        if isinstance(demande[BENEFICIAIRES], list):
            return list(suivre(demande, (BENEFICIAIRES, "*")))
        return list(suivre(demande, (BENEFICIAIRES,)))

    def mandataire(self, demande: Demande) -> Mandataire | None:
        """The first mandataire named by the request, None without any."""
        if self.cle_mandataire is None:
            return None
        for _, porteur in self.porteurs(demande):
            if porteur[self.cle_mandataire]:
                return Mandataire(*(porteur[champ] for champ in CHAMPS_MANDATAIRE))
        return None


def suivre(valeur: Any, chemin: tuple[str, ...], deja: Chemin = ()) -> Iterator[tuple[Chemin, Demande]]:
    """Every object that a path with "*" reaches, with its exact path; null and empty lists reach nothing."""
    if valeur is None:
        return
    if not chemin:
        yield deja, valeur
    elif chemin[0] == "*":
        for rang, un in enumerate(valeur):
            yield from suivre(un, chemin[1:], (*deja, rang))
    else:
        yield from suivre(valeur.get(chemin[0]), chemin[1:], (*deja, chemin[0]))


def situer(forme: Objet) -> Places:
    """Read the declaration of a request. Raises CouloirMalDeclare."""
    _verifier_les_mots(forme, "demande")
    objets = list(_objets(forme, (), ()))
    beneficiaires = [objet for objet in objets if objet.chemin[:1] == (BENEFICIAIRES,)]
    _verifier_les_roles(objets)
    coches = tuple(
        Lieu((*(pas for pas in objet.chemin if pas != "*"), champ.nom), champ)
        for objet in beneficiaires
        for champ in objet.type.champs
        if champ.role in COCHES
    )
    cles = {lieu.champ.role: lieu.champ.nom for lieu in coches}
    scenario = forme.champ(SCENARIO)
    colonnes = _a_l_ecran(scenario.type) if scenario and isinstance(scenario.type, Tableau) else ()
    reponses = _a_l_ecran(scenario.type) if scenario and not colonnes else ()
    unique = cles.get(Role.BENEFICIAIRE_UNIQUE)
    return Places(
        questions=(
            *(Lieu((SCENARIO, champ.nom), champ) for champ in reponses),
            *(Lieu((champ.nom,), champ) for champ in forme.champs if champ.role is Role.QUESTION),
        ),
        coches=coches,
        colonnes_scenario=colonnes,
        listes=tuple(_liste(objet) for objet in beneficiaires if _de_role(objet.type, Role.IDENTIFIANT)),
        variantes=tuple(_variantes(beneficiaires)),
        paires_exclusives=tuple((champ.nom, champ.exclut) for champ in reponses if champ.exclut),
        cle_mandataire=cles.get(Role.MANDATAIRE),
        cle_client_unique=unique or cles.get(Role.CLIENT_UNIQUE),
        un_seul_beneficiaire=unique is not None,
        sites_scenario=tuple(champ.nom for champ in colonnes if champ.role is Role.SITE),
        profil_scenario=_nom_de_role(colonnes, Role.PROFIL),
        administrateurs=forme.champ("administrateursTechniques") is not None,
    )


def chercher(forme: Objet, chemin: str, ou: str) -> Champ:
    """The field at a dotted path of the request, lists crossed silently. Raises CouloirMalDeclare."""
    noms = chemin.split(".")
    type_: Type = forme
    for nom in noms:
        type_ = element(type_)
        fils = type_.champs if isinstance(type_, Objet) else ()
        connu(nom, [champ.nom for champ in fils], f"{ou} › {chemin}")
        trouve = next(champ for champ in fils if champ.nom == nom)
        type_ = trouve.type
    return trouve


class _ObjetSitue(NamedTuple):
    """An object below the request: its path with "*", and the conditions of the fields that lead to it."""

    type: Objet
    chemin: tuple[str, ...]
    quand: tuple[tuple[str, str], ...]


def _objets(
    objet: Objet, chemin: tuple[str, ...], quand: tuple[tuple[str, str], ...]
) -> Iterator[_ObjetSitue]:
    yield _ObjetSitue(objet, chemin, quand)
    for champ in objet.champs:
        type_, suite = champ.type, (*chemin, champ.nom)
        while isinstance(type_, Tableau):
            type_, suite = type_.element, (*suite, "*")
        if isinstance(type_, Objet):
            yield from _objets(type_, suite, (*quand, champ.si) if champ.si else quand)


def _a_l_ecran(type_: Type) -> tuple[Champ, ...]:
    """The fields of the scenario, in the order of the screen."""
    objet = element(type_)
    if not isinstance(objet, Objet):
        raise CouloirMalDeclare(f"{SCENARIO} : un objet, ou une liste d'objets, est attendu.")
    return tuple(objet[nom] for nom in objet.ordre) or objet.champs


def _de_role(objet: Objet, *roles: Role) -> list[Champ]:
    return [champ for role in roles for champ in objet.champs if champ.role is role]


def _nom_de_role(champs: Sequence[Champ], role: Role) -> str | None:
    return next((champ.nom for champ in champs if champ.role is role), None)


def _sigle(champ: Champ) -> str:
    type_ = element(champ.type)
    return type_.sigle or type_.nom if isinstance(type_, Identifiant) else champ.libelle


def _liste(objet: _ObjetSitue) -> ListeBeneficiaires:
    ou = ".".join(objet.chemin)
    champs = _de_role(objet.type, Role.IDENTIFIANT, Role.A_DEFAUT)
    noms: dict[Role, str | None] = {role: _nom_de_role(objet.type.champs, role) for role in CELLULES}
    nom, courriel, telephone = (noms[role] for role in CELLULES[:3])
    if nom is None or courriel is None or telephone is None:
        raise CouloirMalDeclare(
            f"{ou} : un bénéficiaire a un champ NOM, un champ COURRIEL et un champ TELEPHONE ; il en manque."
        )
    if len(objet.quand) > 1:
        raise CouloirMalDeclare(f"{ou} : une seule condition « si » mène à des bénéficiaires.")
    return ListeBeneficiaires(
        objet.chemin,
        tuple(champs),
        tuple((champ.nom, _sigle(champ)) for champ in champs),
        nom,
        courriel,
        telephone,
        noms[Role.RAISON_SOCIALE],
        objet.quand[0] if objet.quand else None,
    )


def _variantes(beneficiaires: list[_ObjetSitue]) -> Iterator[Variante]:
    for objet in beneficiaires:
        for champ in objet.type.champs:
            if champ.si is None:
                continue
            bloc = champ.type
            attendus = bloc.champs if isinstance(bloc, Objet) else ()
            yield Variante(*champ.si, champ.nom, tuple(c.nom for c in attendus if c.nullable))


_ROLES_DES_BENEFICIAIRES = frozenset({Role.IDENTIFIANT, Role.A_DEFAUT, *CELLULES, *COCHES})
_ROLES_DES_SITES = frozenset({Role.SITE, Role.PROFIL})


def _verifier_les_roles(objets: list[_ObjetSitue]) -> None:
    """Each role where it means something."""
    for objet in objets:
        for champ in objet.type.champs:
            if champ.role and not _a_sa_place(champ.role, objet.chemin):
                ou = ".".join((*objet.chemin, champ.nom))
                raise CouloirMalDeclare(f"{ou} : le rôle {champ.role.name} ne dit rien à cet endroit.")
            if champ.exclut and objet.chemin != (SCENARIO,):
                raise CouloirMalDeclare(
                    f"{champ.nom} : « exclut » ne vaut que dans un {SCENARIO} sans lignes."
                )
            if champ.si and objet.chemin != (BENEFICIAIRES,):
                raise CouloirMalDeclare(
                    f"{champ.nom} : « si » ne vaut qu'au premier niveau de {BENEFICIAIRES}."
                )
            if champ.role is Role.MANDATAIRE:
                for nom in CHAMPS_MANDATAIRE:
                    connu(nom, [c.nom for c in objet.type.champs], f"{'.'.join(objet.chemin)} (mandataire)")


def _a_sa_place(role: Role, chemin: tuple[str, ...]) -> bool:
    if role in _ROLES_DES_BENEFICIAIRES:
        return chemin[:1] == (BENEFICIAIRES,)
    return chemin == ((SCENARIO, "*") if role in _ROLES_DES_SITES else ())


def _verifier_les_mots(objet: Objet, ou: str) -> None:
    """Every name that a field or an object says of its neighbours, below this object too."""
    noms = [champ.nom for champ in objet.champs]
    for nom in noms:
        if noms.count(nom) > 1:
            raise CouloirMalDeclare(f"{ou} : le champ « {nom} » est déclaré deux fois.")
    for mot in (*objet.ordre, *(nom for groupe in objet.un_de for nom in groupe)):
        connu(mot, noms, ou)
    oublies = [nom for nom in noms if objet.ordre and nom not in objet.ordre]
    if oublies:
        raise CouloirMalDeclare(f"{ou} : l'ordre de l'écran oublie {', '.join(oublies)}.")
    for champ in objet.champs:
        _verifier_le_champ(champ, objet, f"{ou} › {champ.nom}")


def _verifier_le_champ(champ: Champ, objet: Objet, ou: str) -> None:
    if not champ.libelle:
        raise CouloirMalDeclare(f"{ou} : le champ n'a pas de libellé.")
    if champ.exclut:
        connu(champ.exclut, [autre.nom for autre in objet.champs], ou)
    if champ.si:
        voisin = objet[connu(champ.si[0], [autre.nom for autre in objet.champs], ou)].type
        connu(champ.si[1], voisin.valeurs if isinstance(voisin, Choix) else (), ou)
    type_ = element(champ.type)
    if isinstance(type_, Choix) and type_.exemple:
        connu(type_.exemple, type_.valeurs, ou)
    if isinstance(type_, Objet):
        exemples = champ.exemple if isinstance(champ.exemple, list) else [champ.exemple]
        for mot in (mot for exemple in exemples if isinstance(exemple, dict) for mot in exemple):
            connu(mot, [fils.nom for fils in type_.champs], f"{ou} (exemple)")
        _verifier_les_mots(type_, ou)


def _beneficiaire(liste: ListeBeneficiaires, valeurs: Demande, chemin: Chemin) -> Beneficiaire:
    cle, type_identifiant = next(
        (paire for paire in liste.identifiants if remplie(valeurs.get(paire[0]))), liste.identifiants[0]
    )
    identifiants, chemins = _identifiants(valeurs.get(cle), (*chemin, cle))
    return Beneficiaire(
        identifiants=identifiants,
        type_identifiant=type_identifiant,
        nom=valeurs.get(liste.nom),
        courriel=valeurs.get(liste.courriel),
        telephone=valeurs.get(liste.telephone),
        raison_sociale=valeurs.get(liste.raison_sociale) if liste.raison_sociale else None,
        chemins=chemins,
    )


def _identifiants(valeur: Any, chemin: Chemin) -> tuple[tuple[str, ...], tuple[Chemin, ...]]:
    if isinstance(valeur, list):
        remplis = [(texte, (*chemin, rang)) for rang, texte in enumerate(valeur) if remplie(texte)]
        return tuple(t for t, _ in remplis), tuple(c for _, c in remplis)
    return ((valeur,), (chemin,)) if remplie(valeur) else ((), ())
