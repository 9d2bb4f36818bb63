"""The engine behind its door says what it says elsewhere, and a file that stops it is refused alone."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from threading import BoundedSemaphore
from typing import Any

import pikepdf
import pytest

from segurnum.controles import Contexte, DejaDemande, PieceAttendue
from segurnum.controles import moteur as engin
from segurnum.controles import pieces as directes
from segurnum.controles.fichiers import PIECE_ZIP, verifier_fichier
from segurnum.controles.problemes import MO
from segurnum.controles.tests.fabrique import fichier, octets
from segurnum.controles.tests.fabrique_pieces import archive, image, pdf
from segurnum.isolement import ARCHIVE, Bilan, ControleOccupe, Limites, TropDeTravail, atelier, portes
from segurnum.isolement.tests import hostiles

BONNES = ["bon-1.pdf", "bon-2.pdf", "bon-3.pdf"]
MORTELLE = f"{hostiles.MORTELLE}.pdf"


def _attendues(noms: list[str]) -> list[PieceAttendue]:
    return [PieceAttendue(nom, "PDF", "BON_COMMANDE", rang, f"{rang:05d}") for rang, nom in enumerate(noms)]


class TestJson:
    def test_le_rapport_est_celui_du_moteur(self):
        for contenu in (
            octets(fichier()),
            octets(fichier()).replace(b'"TTC"', b'"TTX"'),
            b"",
            b"\xff",
            b"[1e9999]",
        ):
            assert portes.verifier(contenu) == engin.verifier(contenu)

    def test_ce_que_le_moteur_demande_de_la_base_est_repondu_par_le_portail(self):
        vus: list[str] = []

        def finances(identifiants: Any) -> dict[str, DejaDemande]:
            vus.extend(identifiants)
            return dict.fromkeys(identifiants, DejaDemande("d'un autre fournisseur"))

        contexte = Contexte(beneficiaires_finances=finances, taux_tva=Decimal(20))
        rapport = portes.verifier(octets(fichier()), contexte)
        assert vus
        assert rapport == engin.verifier(octets(fichier()), contexte)
        assert any("d'un autre fournisseur" in anomalie.message for anomalie in rapport.anomalies)

    def test_un_fichier_qui_l_arrete_est_refuse_par_une_phrase_et_un_code(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(engin, "verifier", hostiles.tuer_le_json)
        with pytest.raises(TropDeTravail) as refus:
            portes.verifier(b"{}")
        rapport = portes.rapport_interrompu(refus.value)
        assert not rapport.conforme
        assert [(a.code, a.message) for a in rapport.anomalies] == [("1090", str(refus.value))]
        (occupe,) = portes.rapport_interrompu(ControleOccupe()).anomalies
        assert occupe.code == "1091"


class TestPiece:
    def test_les_problemes_sont_ceux_du_moteur(self):
        for contenu, nom in ((pdf(), "a.pdf"), (image("PNG"), "a.jpg"), (b"", "a.pdf"), (pdf(), "a.exe")):
            dits = portes.verifier_fichier(io.BytesIO(contenu), nom, len(contenu), PIECE_ZIP)
            assert dits == verifier_fichier(io.BytesIO(contenu), nom, len(contenu), PIECE_ZIP)

    @pytest.mark.parametrize("niveau", [2, 3, 4, 6])
    def test_un_pdf_protege_contre_la_seule_modification_est_accepte(self, niveau: Any):
        protection = pikepdf.Encryption(
            owner="proprietaire", user="", R=niveau, aes=niveau > 3, metadata=niveau > 3
        )
        contenu = pdf(encryption=protection)
        assert portes.verifier_fichier(io.BytesIO(contenu), "a.pdf", len(contenu), PIECE_ZIP) == []

    def test_une_piece_qui_ne_tient_pas_dans_la_memoire_permise_est_refusee_par_son_nom(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(portes, "verifier_contenu", hostiles.gonfler_le_contenu)
        contenu = pdf()
        (probleme,) = portes.verifier_fichier(io.BytesIO(contenu), "a.pdf", len(contenu), PIECE_ZIP)
        assert probleme[0] == "4190"
        assert "« a.pdf » demande trop de travail" in probleme[1]

    def test_sans_place_elle_n_est_pas_mise_en_cause(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(atelier._atelier, "places", BoundedSemaphore(1))
        with atelier._atelier.places:
            ((code, phrase),) = portes.verifier_fichier(
                io.BytesIO(pdf()), "a.pdf", len(pdf()), PIECE_ZIP, limites=Limites(300 * MO, 5, 0.1)
            )
        assert code == "4191"
        assert "occupé" in phrase


class TestArchive:
    def _verifier(self, contenu: bytes, noms: list[str], **options: Any) -> tuple[Any, dict[str, bytes]]:
        recues: dict[str, bytes] = {}
        rapport = portes.verifier_pieces(
            io.BytesIO(contenu),
            _attendues(noms),
            couloir=None,
            consommer=lambda piece, flux, _sha256, _taille: recues.update({piece.nom: flux.read()}),
            **options,
        )
        return rapport, recues

    def test_le_rapport_et_les_pieces_sont_ceux_du_moteur(self):
        contenu = archive({**{nom: pdf() for nom in BONNES}, "autre.jpg": image("JPEG"), "vide.pdf": b""})
        noms = [*BONNES, "vide.pdf", "absente.pdf"]
        progression: list[tuple[int, int]] = []
        rapport, recues = self._verifier(contenu, noms, progression=lambda *fait: progression.append(fait))
        assert rapport == directes.verifier_pieces(io.BytesIO(contenu), _attendues(noms), couloir=None)
        assert set(recues) == set(BONNES)
        assert progression[-1][0] == progression[-1][1]
        assert len(progression) == 5

    @pytest.mark.exigence("JSN-042")
    def test_l_entree_qui_arrete_le_controle_est_seule_refusee(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_dont_une_tue)
        noms = [BONNES[0], MORTELLE, *BONNES[1:]]
        bilan = Bilan()
        rapport, recues = self._verifier(archive({nom: pdf() for nom in noms}), noms, bilan=bilan)
        assert [(ligne.nom, ligne.code) for ligne in rapport.lignes] == [
            (nom, "4190" if nom == MORTELLE else None) for nom in noms
        ]
        (anomalie,) = rapport.anomalies
        assert f"« {MORTELLE} » demande trop de travail" in anomalie.message
        assert set(recues) == set(BONNES)
        assert rapport.demandes_completes == [0, 2, 3]

    def test_apres_plusieurs_le_reste_n_est_plus_lu_et_chaque_fichier_le_dit(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_dont_une_tue)
        noms = [*(f"{rang}-{MORTELLE}" for rang in range(portes.MORTS_MAX)), *BONNES]
        rapport, recues = self._verifier(archive({nom: pdf() for nom in noms}), noms)
        assert {ligne.code for ligne in rapport.lignes} == {"4190"}
        assert [ligne.nom for ligne in rapport.lignes] == noms
        assert "n'a pas été contrôlé" in rapport.lignes[-1].statut
        assert not recues

    def test_le_delai_est_celui_de_l_archive_entiere(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_dont_une_dort)
        noms = [BONNES[0], MORTELLE, BONNES[1]]
        rapport, recues = self._verifier(
            archive({nom: pdf() for nom in noms}), noms, limites=replace(ARCHIVE, duree=2)
        )
        assert [ligne.code for ligne in rapport.lignes] == [None, "4190", "4190"]
        assert set(recues) == {BONNES[0]}

    def test_une_archive_dont_le_sommaire_arrete_le_controle_est_refusee_en_entier(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.sommaire_qui_tue)
        rapport, _ = self._verifier(archive({nom: pdf() for nom in BONNES}), BONNES)
        assert [anomalie.code for anomalie in rapport.anomalies] == ["4190"]
        assert rapport.lignes == []

    def test_une_matrice_qui_meurt_en_route_ne_fait_refuser_personne(self):
        noms = BONNES
        recues: list[str] = []

        def consommer(piece: PieceAttendue, *_: Any) -> None:
            recues.append(piece.nom)
            if len(recues) == 1:
                atelier._atelier.preparer().processus.kill()

        rapport = portes.verifier_pieces(
            io.BytesIO(archive({nom: pdf() for nom in noms})),
            _attendues(noms),
            couloir=None,
            consommer=consommer,
        )
        assert rapport.conforme
        assert recues == noms

    def test_une_suite_d_entrees_sans_fin_s_arrete_a_celles_du_sommaire(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_sans_fin)
        rapport, recues = self._verifier(archive({nom: pdf() for nom in BONNES}), BONNES)
        assert [ligne.nom for ligne in rapport.lignes] == BONNES
        assert set(recues) == set(BONNES)

    def test_l_empreinte_est_calculee_par_le_portail(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_a_fausse_empreinte)
        empreintes: list[str] = []
        portes.verifier_pieces(
            io.BytesIO(archive({BONNES[0]: pdf()})),
            _attendues(BONNES[:1]),
            couloir=None,
            consommer=lambda _piece, _flux, sha256, _taille: empreintes.append(sha256),
        )
        assert empreintes != ["0" * 64]
        assert len(empreintes) == 1

    def test_les_tailles_d_un_zip_ordinaire_tiennent_dans_ses_limites(self):
        """Legitimate work: as many pieces as an import has, of which none is refused."""
        noms = [f"piece-{rang:03d}.pdf" for rang in range(400)]
        tampon = io.BytesIO()
        with zipfile.ZipFile(tampon, "w") as zippe:
            for nom in noms:
                zippe.writestr(nom, pdf())
        rapport, recues = self._verifier(tampon.getvalue(), noms)
        assert rapport.conforme
        assert len(recues) == 400
