"""What a PDF may do on its reader: a list of what is allowed, by place. All the rest is refused.

An action is known by where it is: a reader runs those at these keys, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from segurnum.controles.filtres import Compteur, FluxAbime, TropDeTravail
from segurnum.controles.formats import EXECUTABLES
from segurnum.controles.pdf_pages import blocs_de, nom_de

JOINTES_MAX = 100
JOINTES_LUES = 32 << 20  # octets that the embedded files may weigh, all together, once decompressed

# What stays within the document may happen by itself; what leaves it needs a click; scripts only format a field.
_SEULES = frozenset({"/GoTo", "/GoToDp", "/Named", "/Hide", "/SetOCGState", "/Trans"})
_AU_CLIC = _SEULES | {"/URI", "/ResetForm"}
_SUR_UN_CHAMP = _SEULES | {"/JavaScript"}
_PLACES = {"/OpenAction": _SEULES, "/A": _AU_CLIC, "/PA": _AU_CLIC}
_CHAMP = (-1, -1)
_EVENEMENTS_DE_CHAMP = frozenset({"/K", "/F", "/V", "/C"})
_COMMANDES = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/Print"})
_NOMS = {
    "/JavaScript": "du JavaScript",
    "/Launch": "une action qui lance un programme",
    "/GoToR": "une action qui ouvre un autre fichier",
    "/GoToE": "une action qui ouvre un autre fichier",
    "/SubmitForm": "une action qui envoie des données",
    "/ImportData": "une action qui lit un autre fichier",
    "/Movie": "un contenu multimédia",
    "/Sound": "un contenu multimédia",
    "/Rendition": "un contenu multimédia",
    "/RichMediaExecute": "un contenu multimédia",
}
_ANNOTATIONS_ACTIVES = frozenset({"/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"})
_JOINTES_PERMISES = frozenset({"xml", "csv", "txt", "json", "pdf", "png", "jpg", "jpeg"})
_PROTOCOLE = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PROTOCOLES = frozenset({"http", "https", "mailto", "tel"})
_CLES = frozenset(
    {
        "/S", "/JS", "/JavaScript", "/AA", "/A", "/PA", "/OpenAction", "/URI", "/Base", "/XFA", "/EF", "/F",
        "/OnInstantiate", "/NeedsRendering", "/Subtype",
    }
)  # fmt: skip
# An object that has none of these names is not looked into.
_A_REGARDER = re.compile(
    rb"/(JS|JavaScript|Launch|GoTo[RE]|SubmitForm|ImportData|Movie|Sound|Screen|3D|Rendition|RichMedia\w*|XFA|AA|A|PA"
    rb"|OpenAction|URI|Base|EF|F|OnInstantiate|NeedsRendering)\b"
)


def contenus_actifs(document: pikepdf.Pdf) -> list[str]:
    """What the document does that none of ours may, in French, in alphabetical order. Raises TropDeTravail."""
    pages = {page.obj.objgen for page in document.pages} | {document.Root.objgen}
    return sorted(set(_Recherche(pages).tous(document.objects)))


class _Recherche:
    """One run over one document.

    A script met in an object is judged at the end: the object, or the one that holds it, may be what a field runs.
    """

    def __init__(self, pages: set[tuple[int, int]]) -> None:
        self.pages = pages
        self.permis: set[tuple[int, int]] = set()
        self.scripts: set[tuple[int, int]] = set()
        self.vues: set[tuple[tuple[int, int], frozenset[str]]] = set()
        self.jointes: set[tuple[int, int]] = set()
        self.specifications = 0
        self.poids = Compteur(JOINTES_LUES)

    def tous(self, objets: Iterable[Any]) -> Iterator[str]:
        for objet in objets:
            dictionnaire = objet.stream_dict if isinstance(objet, pikepdf.Stream) else objet
            if isinstance(dictionnaire, pikepdf.Dictionary | pikepdf.Array) and _A_REGARDER.search(
                dictionnaire.unparse(resolved=True)
            ):
                yield from self._dans(objet, objet.objgen)
        if self.scripts - self.permis:
            yield _NOMS["/JavaScript"]

    def _dans(self, objet: Any, garant: tuple[int, int] | None = None) -> Iterator[str]:
        """One object and its direct children; the indirect ones are met in their own turn.

        `garant`: the object that has to be what a field runs, for a script that is here; _CHAMP when a field runs it.
        """
        if isinstance(objet, pikepdf.Array):
            enfants: Iterable[tuple[str, Any]] = (("", enfant) for enfant in objet)
        elif isinstance(objet, pikepdf.Dictionary | pikepdf.Stream):
            enfants = objet.items()
            if cles := _CLES.intersection(objet.keys()):
                yield from self._dictionnaire(objet, cles, garant)
        else:
            return
        for cle, enfant in enfants:
            if isinstance(enfant, pikepdf.Object) and not enfant.is_indirect:
                if cle == "/AA" and self._est_un_champ(objet):
                    yield from self._evenements(enfant, _CHAMP)
                elif objet.is_indirect and cle in _EVENEMENTS_DE_CHAMP:
                    yield from self._dans(enfant, objet.objgen)
                else:
                    yield from self._dans(enfant, garant if cle == "/Next" else None)

    def _evenements(self, evenements: Any, garant: tuple[int, int]) -> Iterator[str]:
        if isinstance(evenements, pikepdf.Dictionary):
            for evenement, action in evenements.items():
                if isinstance(action, pikepdf.Object) and not action.is_indirect:
                    yield from self._dans(action, garant if evenement in _EVENEMENTS_DE_CHAMP else None)

    def _est_un_champ(self, objet: Any) -> bool:
        """True for what is neither a page nor the catalogue, whose events are the document's own."""
        return isinstance(objet, pikepdf.Dictionary) and not (
            objet.is_indirect and objet.objgen in self.pages
        )

    def _dictionnaire(
        self, objet: Any, cles: frozenset[str], garant: tuple[int, int] | None
    ) -> Iterator[str]:
        """`cles`: those of its keys that may matter."""
        genre = nom_de(objet.get("/S")) if "/S" in cles else ""
        if "/JavaScript" in cles:  # the scripts that run when the document opens
            yield _NOMS["/JavaScript"]
        if "/JS" in cles or genre == "/JavaScript":
            if garant is None:
                yield _NOMS["/JavaScript"]
            elif garant != _CHAMP:
                self.scripts.add(garant)
        elif genre in _NOMS:
            yield _NOMS[genre]
        for cle in cles & _PLACES.keys():
            yield from self._action(objet.get(cle), _PLACES[cle])
        if "/AA" in cles:
            yield from self._tous_les_evenements(objet)
        yield from self._hors_du_document(objet, cles)

    def _tous_les_evenements(self, objet: Any) -> Iterator[str]:
        evenements = objet.get("/AA")
        if not isinstance(evenements, pikepdf.Dictionary):
            return
        champ = self._est_un_champ(objet)
        if champ and evenements.is_indirect:
            self.permis.add(evenements.objgen)
        for evenement, action in evenements.items():
            permises = _SUR_UN_CHAMP if champ and evenement in _EVENEMENTS_DE_CHAMP else _SEULES
            yield from self._action(action, permises)

    def _action(self, action: Any, permises: frozenset[str]) -> Iterator[str]:
        """An action and those that follow it, at a place where only `permises` are allowed."""
        a_voir = [action]
        while a_voir:
            action = a_voir.pop()
            if (
                not isinstance(action, pikepdf.Dictionary)
                or "/S" not in action
                or self._deja_vue(action, permises)
            ):
                continue
            genre = nom_de(action.get("/S"))
            if genre not in permises:
                yield _NOMS.get(genre, "une action que peu de lecteurs connaissent")
            elif genre == "/Named" and nom_de(action.get("/N")) not in _COMMANDES:
                yield "une action qui commande le lecteur"
            elif genre == "/JavaScript" and action.is_indirect:
                self.permis.add(action.objgen)
            suites = action.get("/Next")
            a_voir.extend(suites if isinstance(suites, pikepdf.Array) else [suites])

    def _deja_vue(self, action: Any, permises: frozenset[str]) -> bool:
        if not action.is_indirect:
            return False
        deja = (action.objgen, permises) in self.vues
        self.vues.add((action.objgen, permises))
        return deja

    def _hors_du_document(self, objet: Any, cles: frozenset[str]) -> Iterator[str]:
        """Addresses, files outside or embedded, forms and media that only some readers run."""
        for cle in cles & {"/URI", "/Base"}:
            if not _adresse_permise(texte_de(objet.get(cle))):
                yield "un lien vers un fichier ou un partage réseau"
        if "/F" in cles and isinstance(objet, pikepdf.Stream):
            yield "un contenu qui est dans un autre fichier"
        if "/XFA" in cles or ("/NeedsRendering" in cles and objet.get("/NeedsRendering") is True):
            yield "un formulaire XFA, que peu de lecteurs affichent"
        if "/OnInstantiate" in cles or (
            "/Subtype" in cles and nom_de(objet.get("/Subtype")) in _ANNOTATIONS_ACTIVES
        ):
            yield "un contenu multimédia"
        if "/EF" in cles and self._jointe_executable(objet):
            yield "une pièce incorporée qui n'est pas un simple document"

    def _jointe_executable(self, specification: Any) -> bool:
        """Read once each, whoever points to them. Raises TropDeTravail past JOINTES_MAX and JOINTES_LUES."""
        self.specifications += 1
        if self.specifications > JOINTES_MAX:
            raise TropDeTravail
        nom = texte_de(specification.get("/UF", specification.get("/F")))
        if nom.rpartition(".")[2].lower() not in _JOINTES_PERMISES:
            return True
        fichiers = specification.get("/EF")
        if not isinstance(fichiers, pikepdf.Dictionary):
            return False
        flux = [
            f for f in fichiers.values() if isinstance(f, pikepdf.Stream) and f.objgen not in self.jointes
        ]
        self.jointes.update(f.objgen for f in flux)
        debuts = [_debut(f, self.poids) for f in flux]
        return any(debut.startswith(EXECUTABLES) for debut in debuts)


def _debut(flux: pikepdf.Stream, poids: Compteur) -> bytes:
    """How an embedded file begins. The rest is only weighed; damaged, it keeps nobody from reading the pages."""
    debut = b""
    try:
        for bloc in blocs_de(flux, poids):
            debut = debut or bloc[:16]
    except FluxAbime:
        pass
    return debut


def _adresse_permise(adresse: str) -> bool:
    protocole = _PROTOCOLE.match(adresse)
    if protocole:
        return protocole[1].lower() in _PROTOCOLES
    return not adresse.lstrip().startswith(("\\\\", "//", "/\\", "\\/"))


def texte_de(valeur: Any) -> str:
    """A PDF's text, whatever its encoding; empty for anything else."""
    if not isinstance(valeur, pikepdf.String):
        return ""
    try:
        return str(valeur)
    except UnicodeDecodeError:
        return bytes(valeur).decode("latin-1")
