"""Every address that gives a document, with every person: who opens it, what the journal keeps, how it leaves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from acces import ACCES, ENTREPRISES, POST_PUBLICS, POST_SEULEMENT
from django.test import Client
from django.urls import reverse
from monde import ROUTES, SECRET, Monde

from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.coordonnees.tests.monde import Societe
from segurnum.depots.models import Simulation
from segurnum.editorial.models import Actualite
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.exports.tests.monde import exporte
from segurnum.fichiers import lectures
from segurnum.fichiers.documents import Genre
from segurnum.fichiers.permissions import DROITS, en_tableau
from segurnum.installation.queries import nuits
from segurnum.recepisses.queries import recepisses_de
from segurnum.seuil.telechargements import genres_de

pytestmark = [pytest.mark.django_db, pytest.mark.long]

RACINE = Path(__file__).resolve().parent.parent
MARQUEES = {(nom, genre) for nom, motif in ROUTES.items() for genre in genres_de(motif.callback)}
# What machines read, and that is nobody's document.
MACHINES = {"vivant", "pret", "sante", "public:defi", "fournisseur:numeros", "securite_txt", "robots"}
LIEN = "porteur d'un lien"
DSR = "DSR-MS1-DUI-Va1"


@dataclass(frozen=True)
class Personne:
    """Somebody at the door; `utilisateur` None for who did not sign in."""

    nom: str
    utilisateur: Utilisateur | None
    client: Client
    maison: bool

    def attendu(self, nom: str, genre: Genre) -> set[int]:
        """The statuses that the house's rule gives to this person."""
        droit, qui = DROITS[genre], self.utilisateur
        if genre is Genre.BROUILLON:
            return {200 if self.nom == LIEN else 404}
        if droit.public:
            return {200}
        if qui is None:
            return {302}
        chez_les_agents = nom.startswith("gestion:")
        if qui.est_agent or chez_les_agents:
            permis = qui.est_agent and chez_les_agents and qui.profil in droit.profils
            return {302 if genre is Genre.IBAN else 200} if permis else {403}
        if qui.profil not in droit.profils:
            return {403}
        if droit.possede and not self.maison:
            # Its own export is empty; a document of others does not exist.
            return {302} if genre is Genre.EXPORT and nom != "fournisseur:export_prepare" else {404}
        if qui.role not in droit.roles:
            return {403}
        # No sample but in a demonstration.
        return {404} if genre is Genre.EXEMPLE else {302 if genre is Genre.IBAN else 200}


def _personnes(tout: Monde) -> Iterator[Personne]:
    societe = tout.deposant.enrolement.entreprise
    yield Personne("sans compte", None, Client(), False)
    porteur = Client()
    porteur.get(reverse("public:ouvrir_depot_pieces", args=[SECRET]))
    porteur.get(reverse("public:enrolement_reprise", args=[SECRET]))
    yield Personne(LIEN, None, porteur, False)
    perime = Client()
    perime.get(reverse("public:ouvrir_depot_pieces", args=["un-autre-secret"]))
    yield Personne("porteur d'un lien périmé", None, perime, False)
    for profil in Profil:
        roles: list[Role | None] = [*Role] if profil in ENTREPRISES else [None]
        for role in roles:
            valeurs: dict[str, Any] = {"role": role, "entreprise": societe} if role else {}
            yield _connectee(f"{profil} {role or ''}", usines.utilisateur(profil, **valeurs), maison=True)
    for profil in sorted(ENTREPRISES):
        yield _connectee(f"{profil} d'ailleurs", usines.utilisateur(profil), maison=False)


def _connectee(nom: str, qui: Utilisateur, *, maison: bool) -> Personne:
    client = Client()
    client.force_login(qui)
    return Personne(nom, qui, client, maison)


def _adresses(tout: Monde) -> dict[tuple[str, Genre], str]:
    """One address for each kind that a route gives. A new one has its line here."""
    societe = tout.deposant.enrolement.entreprise
    inscrit, demande = tout.deposant.enrolement, tout.demande
    pieces = {
        genre: usines.piece_enrolement(inscrit, type_piece, confirmee=True).pk
        for genre, type_piece in (
            (Genre.PIECE_ENROLEMENT, TypePiece.CERTIFICAT),
            (Genre.IDENTITE, TypePiece.IDENTITE_REPRESENTANT),
            (Genre.RIB, TypePiece.RIB),
        )
    }
    change = Societe(entreprise=societe).soumettre()
    justificatifs = {
        Genre.IDENTITE: change.pieces.get(type="IDENTITE").pk,
        Genre.PIECE_PERSONNES: change.pieces.get(type="MANDAT").pk,
    }
    lettre = demande.pieces.get(origine="AGENCE").pk
    piece = demande.pieces.exclude(origine="AGENCE")[0].pk
    compte = societe.comptes_bancaires.order_by("pk")[0].pk
    Actualite.objects.filter(pk=tout.redaction.actualite).update(audience="TOUS")
    avis, depot, rib = tout.versement.pk, tout.depot.pk, tout.modification
    numero, modele, redaction = inscrit.numero, tout.modele, tout.redaction
    format_json = [demande.couloir, demande.type]
    contestee, jointe = tout.partie, tout.partie.pieces.get().pk
    adresses: dict[tuple[str, Genre], tuple[object, ...]] = {
        ("public:calendrier", Genre.PUBLIE): (),
        ("public:enrolement_piece", Genre.BROUILLON): ("rib",),
        ("public:document", Genre.PUBLIE): (redaction.document,),
        ("public:document_modele", Genre.PUBLIE): ("modeles-avance.zip",),
        ("public:schema", Genre.PUBLIE): (*format_json,),
        ("public:modele", Genre.PUBLIE): (*format_json, "vierge"),
        ("public:modele_tableur", Genre.PUBLIE): (*format_json,),
        ("public:modeles_du_couloir", Genre.PUBLIE): (demande.couloir,),
        ("public:certificats", Genre.PUBLIE): (),
        ("fournisseur:recepisse", Genre.RECEPISSE): (recepisses_de(societe)[0].pk,),
        ("fournisseur:piece_actualite", Genre.ACTUALITE): (redaction.actualite,),
        ("fournisseur:afficher_iban", Genre.IBAN): (compte,),
        ("fournisseur:afficher_iban_enrolement", Genre.IBAN): (numero,),
        ("fournisseur:rib", Genre.RIB): (rib,),
        ("fournisseur:demandes_csv", Genre.EXPORT): (),
        ("fournisseur:beneficiaires_csv", Genre.EXPORT): (),
        ("fournisseur:pieces_zip", Genre.EXPORT): (),
        ("fournisseur:export_prepare", Genre.EXPORT): (exporte(tout.deposant.utilisateur).pk,),
        ("fournisseur:fichier_modele", Genre.MODELE): (modele,),
        ("fournisseur:exemple", Genre.EXEMPLE): ("vierge",),
        ("fournisseur:sortie", Genre.IMPORT): (depot,),
        ("fournisseur:entree", Genre.IMPORT): (depot,),
        ("fournisseur:fichier_corrige", Genre.IMPORT): (tout.depot.simulation_id,),
        ("fournisseur:demandes_ecartees", Genre.IMPORT): (_a_separer(tout).pk,),
        ("fournisseur:rapport_csv", Genre.IMPORT): (tout.depot.simulation_id,),
        ("fournisseur:rapport_json", Genre.IMPORT): (tout.depot.simulation_id,),
        ("fournisseur:piece", Genre.PIECE_DEMANDE): (demande.numero, piece),
        ("fournisseur:piece", Genre.LETTRE): (demande.numero, lettre),
        ("fournisseur:avis", Genre.LETTRE): (demande.numero, avis),
        ("fournisseur:piece_contestation", Genre.REPONSE): (contestee.pk, jointe),
        ("gestion:piece_reponse", Genre.REPONSE): (contestee.contestation_id, jointe),
        ("fournisseur:titre_de_recette", Genre.LETTRE): (demande.numero, tout.recouvrement),
        ("gestion:piece", Genre.PIECE_DEMANDE): (demande.numero, piece),
        ("gestion:piece", Genre.LETTRE): (demande.numero, lettre),
        ("gestion:avis", Genre.LETTRE): (avis,),
        ("gestion:titre_de_recette", Genre.LETTRE): (tout.recouvrement,),
        ("gestion:piece_modification", Genre.RIB): ("banque", rib, rib),
        ("gestion:piece_modele", Genre.MODELE): (modele,),
        ("gestion:piece_ticket", Genre.MESSAGE): (redaction.ticket,),
        ("gestion:exporter_referencements", Genre.REFERENTIEL): (),
        ("gestion:exporter_demandes", Genre.LISTE): (),
        ("gestion:exporter_boites_arretees", Genre.ADRESSES): (demande.numero,),
        ("gestion:exporter_recouvrements", Genre.LISTE): (),
        ("gestion:exporter_grand_livre", Genre.LIVRE): (),
        ("gestion:etat_mensuel", Genre.LIVRE): tuple(
            tout.parametres[cle] for cle in ("annee", "mois", "forme")
        ),
        ("gestion:emporter_tetes", Genre.TETES): (nuits()[0].cle,),
        ("gestion:afficher_iban", Genre.IBAN): (compte,),
        ("gestion:afficher_iban_enrolement", Genre.IBAN): (numero,),
    }
    for genre, cle in pieces.items():
        adresses["fournisseur:piece_enrolement", genre] = (numero, cle)
        adresses["gestion:piece_enrolement", genre] = (numero, cle)
    for genre, cle in justificatifs.items():
        adresses["fournisseur:piece_personne", genre] = (cle,)
        adresses["gestion:piece_modification", genre] = ("personnes", change.pk, cle)
    return {(nom, genre): reverse(nom, args=args) for (nom, genre), args in adresses.items()}


def _a_separer(tout: Monde) -> Simulation:
    """A file of which one request is wrong."""
    donnees = tout.deposant.fichier(2)
    donnees["lignesImport"][0]["commande"]["dateCommande"] = "hier"
    return tout.deposant.simuler(donnees)


def _demander(personne: Personne, genre: Genre, adresse: str) -> Any:
    """Ask as the page does: by a button for what is followed, else by a link."""
    if not DROITS[genre].suivi:
        return personne.client.get(adresse)
    page = {"couloir": DSR}
    if personne.utilisateur is not None:
        page["entreprise"] = str(personne.utilisateur.entreprise_id)
    return personne.client.post(adresse, page)


def _lire(reponse: Any) -> bytes:
    return b"".join(reponse.streaming_content) if reponse.streaming else bytes(reponse.content)


@pytest.mark.exigence("XCT-002", "XCT-005", "XCT-009")
def test_chaque_document_s_ouvre_a_qui_y_a_droit_et_a_lui_seul(monde: Monde) -> None:
    adresses, ecarts = _adresses(monde), []
    assert set(adresses) == MARQUEES
    for personne in _personnes(monde):
        for (nom, genre), adresse in adresses.items():
            avant = lectures.toutes().count()
            reponse = _demander(personne, genre, adresse)
            _lire(reponse)
            traces = lectures.toutes().count() - avant
            lu = (
                DROITS[genre].suivi
                and personne.utilisateur is not None
                and (
                    reponse.status_code == 200
                    or (genre is Genre.IBAN and personne.attendu(nom, genre) == {302})
                )
            )
            if reponse.status_code not in personne.attendu(nom, genre) or traces != int(lu):
                ecarts.append((personne.nom, nom, genre.name, reponse.status_code, traces))
    assert ecarts == []


@pytest.mark.exigence("XCT-009")
def test_ce_qui_est_suivi_ne_se_lit_pas_en_regardant(monde: Monde) -> None:
    suivies = {cle: lieu for cle, lieu in _adresses(monde).items() if DROITS[cle[1]].suivi}
    for personne in _personnes(monde):
        for (_, genre), adresse in suivies.items():
            reponse = personne.client.get(adresse)
            assert reponse.status_code in (302, 403, 404, 405), (personne.nom, genre)
            assert "attachment" not in reponse.get("Content-Disposition", "")
    assert not lectures.toutes().exists()


@pytest.mark.exigence("XCT-009")
def test_un_document_sort_sans_droit_sans_cadre_et_sans_cache(monde: Monde) -> None:
    societe = monde.deposant.enrolement.entreprise
    personnes = [
        _connectee("administrateur", usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe), maison=True),
        _connectee("administration", usines.utilisateur(Profil.ADMINISTRATION), maison=True),
    ]
    sortis = set()
    for (nom, genre), adresse in _adresses(monde).items():
        for personne in personnes:
            reponse = _demander(personne, genre, adresse)
            _lire(reponse)
            if reponse.status_code != 200:
                continue
            sortis.add((nom, genre))
            disposition = reponse["Content-Disposition"]
            assert disposition.startswith("inline" if nom == "public:calendrier" else "attachment"), nom
            assert reponse["X-Content-Type-Options"] == "nosniff"
            assert reponse["Cache-Control"] == "private, no-store"
            assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"
            assert reponse["X-Frame-Options"] == "DENY"
            assert reponse["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
            assert "script-src" not in reponse["Content-Security-Policy"]
    # An account is read in a page; there are samples in a demonstration only; a draft is read by who fills it in.
    assert {cle for cle in MARQUEES if cle[1] not in (Genre.IBAN, Genre.EXEMPLE, Genre.BROUILLON)} == sortis


def test_ce_qui_n_est_pas_une_page_dit_quel_document_c_est(monde: Monde) -> None:
    """Whatever answers something else than a page goes through the one door."""
    from monde import adresse_de, client_de

    for nom in (n for n in ACCES if n not in POST_SEULEMENT | POST_PUBLICS | MACHINES):
        permis = ACCES[nom] or {Profil.FOURNISSEUR}
        reponse = client_de(monde, sorted(permis)[0]).get(adresse_de(nom, monde))
        _lire(reponse)
        est_une_page = reponse["Content-Type"].startswith("text/html")
        if not est_une_page or "Content-Disposition" in reponse:
            assert genres_de(ROUTES[nom].callback), nom


def test_aucune_vue_ne_sert_un_fichier_par_une_autre_porte() -> None:
    paquet = RACINE / "src/segurnum"
    # The door; and the middleware that keeps the bodies of answers from writing.
    portes = (paquet / "seuil/telechargements.py", paquet / "seuil/lecture_seule.py")
    ailleurs = re.compile(r"FileResponse|StreamingHttpResponse|Content-Disposition|fichiers\.ouvrir\(")
    faces = [p for nom in ("seuil", "kits", "web") for p in (paquet / nom).rglob("*.py")]
    fautives = [
        p
        for p in faces
        if p not in portes and "tests" not in p.parts and ailleurs.search(p.read_text("utf-8"))
    ]
    assert fautives == []


def test_le_tableau_des_droits_est_celui_de_la_documentation() -> None:
    assert en_tableau() in (RACINE / "docs" / "droits.md").read_text("utf-8")
