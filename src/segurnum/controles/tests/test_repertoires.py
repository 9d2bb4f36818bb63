"""What the national directories say of the numbers of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from segurnum.controles import Contexte, Severite, catalogue, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import par_dsr
from segurnum.couloirs.vierges import exemple
from segurnum.isolement import portes
from segurnum.regles.cycles import TypeDemande

DSR = "DSR-MS1-DUI-Va1"


def _octets() -> bytes:
    return ecrire_json(exemple(par_dsr(DSR), TypeDemande.AVANCE)).encode()


def test_un_numero_que_son_repertoire_ne_connait_pas_est_signale_avec_le_releve() -> None:
    demandes: list[str] = []

    def repertoires(cles: Collection[str]) -> Mapping[str, str]:
        demandes.extend(sorted(cles))
        return {"FINESS 990000044": "n'est pas inscrit au répertoire FINESS du 28/11/2026"}

    contexte = Contexte(dsr=DSR, type=TypeDemande.AVANCE, repertoires=repertoires)
    rapport = verifier(_octets(), contexte)
    places = [(a.chemin, a.message) for a in rapport.anomalies if a.code == "3437"]
    phrase = "Le numéro FINESS « 990000044 » n'est pas inscrit au répertoire FINESS du 28/11/2026."
    assert places == [
        ("lignesImport[0].beneficiaires[0].etablissementsClients[0].FINESSGeo[1]", phrase),
        ("lignesImport[0].scenarioInstallation[1].FINESSGeo", phrase),
    ]
    assert rapport.conforme
    assert demandes == ["FINESS 990000010", "FINESS 990000036", "FINESS 990000044"]
    assert portes.verifier(_octets(), contexte).en_dict() == rapport.en_dict()


def test_l_administration_peut_en_faire_une_erreur() -> None:
    contexte = Contexte(
        dsr=DSR,
        type=TypeDemande.AVANCE,
        repertoires=lambda _: {"FINESS 990000044": "est fermé depuis le 01/01/2024"},
        severites={"3437": Severite.ERREUR},
    )
    assert catalogue()["3437"].reglable
    assert not verifier(_octets(), contexte).conforme


def test_sans_repertoire_charge_la_regle_n_est_pas_evaluee() -> None:
    assert "3437" in verifier(_octets(), Contexte(dsr=DSR)).regles_non_evaluees
