"""The samples: each can be deposited as it is, again and again; those that are wrong show what they are meant to."""

import io
import json

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Utilisateur
from segurnum.controles import Rapport, verifier
from segurnum.demonstration import exemples
from segurnum.demonstration.tests.charge import DemonstrationChargee
from segurnum.depots import pieces, services
from segurnum.depots.models import Archive, Depot
from segurnum.depots.services import ResultatSimulation
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles import TypeDemande

# The orders of the demonstration: some above the ceilings, some below.
AU_DELA_DU_PLAFOND = "3035"


def _simuler(utilisateur: Utilisateur, nom: str) -> ResultatSimulation:
    octets, type_mime = exemples.lire(f"{nom}.json", utilisateur.entreprise)
    assert type_mime == "application/json"
    enrolement = Enrolement.objects.get(referencement__numero_ans=json.loads(octets)["numeroAns"])
    return services.simuler(
        enrolement=enrolement,
        auteur=auteur(utilisateur),
        type_demande=TypeDemande.SOLDE if nom.endswith("solde") else TypeDemande.AVANCE,
        taux_tva=enrolement.taux_tva,
        nom_fichier=f"{nom}.json",
        octets=octets,
    )


def _importer(utilisateur: Utilisateur, nom: str) -> Depot:
    resultat = _simuler(utilisateur, nom)
    assert {anomalie.code for anomalie in resultat.rapport.anomalies} <= {AU_DELA_DU_PLAFOND}
    return services.importer(simulation=resultat.simulation.pk, auteur=auteur(utilisateur))


def _envoyer(utilisateur: Utilisateur, depot: Depot, nom: str) -> Archive:
    octets, type_mime = exemples.lire(f"{nom}.zip", utilisateur.entreprise)
    assert type_mime == "application/zip"
    archive = pieces.recevoir(
        depot=depot, auteur=auteur(utilisateur), nom_fichier=f"{nom}.zip", flux=io.BytesIO(octets)
    )
    pieces.controler(archive=archive.pk)
    archive.refresh_from_db()
    return archive


def _couples(utilisateur: Utilisateur) -> list[str]:
    """The samples that have a JSON and its ZIP, without those made to be corrected."""
    noms = {exemple.nom for exemple in exemples.catalogue(utilisateur.entreprise)} - {"a-corriger.json"}
    return sorted(nom[:-5] for nom in noms if nom.endswith(".json") and f"{nom[:-5]}.zip" in noms)


class ExemplesDeposes(DemonstrationChargee):
    """Tests of a demonstration that is loaded once for them and for those that inherit them."""

    def _deposer(self, compte: str, noms: list[str]) -> None:
        utilisateur = self.compte(compte)
        for nom in noms:
            depot = _importer(utilisateur, nom)
            assert depot.retenues == (1 if nom.endswith("solde") else exemples.NOMBRE)
            archive = _envoyer(utilisateur, depot, nom)
            assert archive.etat == Archive.Etat.CONFORME, archive.rapport
            pieces.terminer(depot=depot.pk, auteur=auteur(utilisateur))

    def test_chaque_exemple_se_depose_en_entier(self) -> None:
        for compte in ("demo-fournisseur", "demo-fournisseur2"):
            couples = _couples(self.compte(compte))
            assert "ms1-dui-avance" in couples
            self._deposer(compte, couples)

    def test_un_exemple_deja_depose_se_depose_de_nouveau(self) -> None:
        self._deposer("demo-fournisseur", ["mdv-lgc-avance"] * 3)

    def test_un_solde_est_propose_la_ou_une_avance_est_decidee(self) -> None:
        soldes = {nom for nom in _couples(self.fournisseur) if nom.endswith("solde")}
        assert soldes == {"hop-dpi-solde", "mdv-lgc-solde", "ms1-dui-solde", "rad-ris-solde"}

    def test_le_zip_d_un_solde_reste_le_bon_apres_l_import_de_son_json(self) -> None:
        """Radiology has one avance only that a solde can follow: the import takes it."""
        depot = _importer(self.fournisseur, "rad-ris-solde")
        assert _envoyer(self.fournisseur, depot, "rad-ris-solde").etat == Archive.Etat.CONFORME

    def test_l_exemple_hors_delai_dit_depuis_quand_la_fenetre_est_fermee(self) -> None:
        anomalies = _simuler(self.fournisseur, "hop-pfi-avance").rapport.anomalies
        (refus,) = [anomalie for anomalie in anomalies if anomalie.est_erreur]
        assert refus.code == "5005"
        assert "14 h 00" in refus.message

    def test_le_fichier_a_corriger_montre_des_anomalies_de_plusieurs_familles(self) -> None:
        rapport: Rapport = verifier(exemples.lire("a-corriger.json")[0])
        assert {anomalie.code[0] for anomalie in rapport.erreurs} == {"1", "2", "3", "4"}
        assert rapport.avertissements

    def test_le_zip_a_corriger_montre_les_erreurs_courantes(self) -> None:
        """A program renamed, a PDF cut short, a piece not announced, an announced one missing."""
        archive = _envoyer(self.fournisseur, _importer(self.fournisseur, "ms1-dui-avance"), "a-corriger")
        assert archive.etat == Archive.Etat.NON_CONFORME
        assert archive.rapport is not None
        assert {"4111", "4112", "4141", "4142"} <= {ligne["code"] for ligne in archive.rapport["lignes"]}

    def test_un_exemple_inconnu_est_refuse(self) -> None:
        with pytest.raises(exemples.ExempleInconnu):
            exemples.lire("../secret", self.fournisseur.entreprise)
