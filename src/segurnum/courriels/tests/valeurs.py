"""What each mail is written with, in the tests. A new code of the catalogue has its values here."""

from typing import Any

_DEMANDE = {"numero": "FINMS1010719M0", "depose_le": "02/01/2024", "siret": "99900001100018"}
_ENROLEMENT = {
    "numero": "ENR0601",
    "depose_le": "02/01/2024",
    "numero_ans": "zbuMS10045",
    "anticipe": False,
    "est_dpi": False,
    "attend_certificats": False,
    "attendues": "- RIB\n- Certificat de référencement",
    "suivi_jusqu_au": "02/03/2024",
    "suivi": "https://portail.example/segurnum/enrolement_de_logiciel/suivi/secret-invente",
    "motif": "Le RIB & l'identité sont illisibles.\nMerci de les numériser à nouveau.",
}
_MOTIF = "Le bon de commande n'est pas signé.\nMerci d'en fournir un signé & daté."
_ENTREPRISE = {"entreprise": "Logiciels Valombreuse", "siret": "99900001100018"}
_COMPTE = _ENTREPRISE | {"identifiant": "clormelin"}
_JETON = {"jeton": "jeton-invente"}
_SOCIETE = {"siret": "99900001100018", "denomination": "Logiciels Valombreuse", "depose_le": "02/01/2024"}
_BANQUE = _SOCIETE | {"iban": "FR76 •••• •••• 0137"}
_MESSAGE = {"numero": "AST000042", "description": "Je ne retrouve pas ma demande <ENR0601>.\nMerci."}
_MODELE = {
    "nom": "modele-va.pdf",
    "type": "Modèle de VA couloir Hôpital",
    "denomination": "Logiciels Valombreuse",
    "siret": "99900001100018",
    "soumis_le": "02/01/2024",
}

_CONTESTATION = _DEMANDE | {
    "couloir": "Médico-social (DUI)",
    "beneficiaire": "FINESS 990000010",
    "echeance": "16 janvier 2024",
    "attribuee": False,
    "rejetee": False,
    "motif": "Le client a confirmé par écrit la commande qu'il retient.",
}

_VERSEMENT = {
    "dossier": "FINMS1010719",
    "siret": "99900001100018",
    "montant": "322,50 €",
    "titre": "de l'avance",
    "compte": "FR76 •••• •••• 0137",
}
_DEPOTS = (
    "- Médico-social (DUI) - Avance : fermée depuis le 28 février 2024 à 14:00, heure de Paris\n"
    "- Médico-social (DUI) - Solde : ouverte jusqu'au 19 décembre 2024 à 14:00, heure de Paris"
)

_TITRE = {
    "numero": "TR2024-00012",
    "demande": "FINMS1010719M0",
    "siret": "99900001100018",
    "montant": "600,00 €",
    "recu": "0,00 €",
    "reste": "600,00 €",
    "echeance": "01/02/2024",
    "raison": "La commande a été résiliée pour partie.",
    "motif": "",
    "phrase": "",
}
_EXPORT = {
    "nom": "demandes-2024-01-02.csv",
    "denomination": "Logiciels Valombreuse",
    "total": "12\u00a0345",
    "lien": "https://portail.example/segurnums/exports/prepares",
}

VALEURS: dict[str, dict[str, Any]] = {
    "M01": _ENROLEMENT | {"recu_le": "1er janvier 2024 à 13:59:59, heure de Paris"},
    "M02": _ENROLEMENT | {"depots": _DEPOTS, "depot_ouvert": True},
    "M03": _ENROLEMENT,
    "M04": _ENROLEMENT,
    "M05": _COMPTE | {"profil": ""},
    "M06": _JETON,
    "M07": _COMPTE,
    "M08": _ENROLEMENT
    | {
        "lien": "https://portail.example/segurnum/enrolement_de_logiciel/deposer-pieces/secret-invente",
        "expire_le": "1er février 2024 à 14 h 00",
        "jours": 30,
    },
    "M108": _ENROLEMENT,
    "M109": _ENROLEMENT,
    "M110": _ENROLEMENT,
    "M111": _ENROLEMENT
    | {
        "lien": "https://portail.example/segurnum/enrolement_de_logiciel/deposer-pieces/secret-invente",
        "expire_le": "1er février 2024 à 14 h 00",
        "jours": 30,
    },
    "M112": _ENROLEMENT,
    "M118": _EXPORT | {"jusqu_a": "03/01/2024 à 14:56"},
    "M119": _EXPORT,
    "M113": {
        "adresse": "https://portail.example/segurnum/enrolement_de_logiciel/reprendre/secret-invente",
        "expire_le": "01/02/2024",
        "jours": 30,
    },
    "M09": _DEMANDE | {"motif": _MOTIF, "cloture_le": "22 janvier 2024 à 14 h 05"},
    "M10": _DEMANDE
    | {
        "motif": _MOTIF,
        "cloture_le": "22 janvier 2024 à 14 h 05",
        "brouillon_du": "5 janvier 2024 à 9 h 12",
    },
    "M11": _DEMANDE | {"motif": _MOTIF, "cloture_le": "22 janvier 2024 à 14 h 05"},
    "M12": {
        "dossier": "FINMS1010719",
        "couloir": "Médico-social (DUI)",
        "depose_le": "02/01/2024",
        "siret": "99900001100018",
        "montant": "322,50 €",
        "titre": "de l'avance",
        "motif_montant": "",
    },
    "M13": _DEMANDE | {"motif": _MOTIF},
    "M14": _COMPTE,
    "M15": _JETON,
    "M16": _SOCIETE,
    "M17": _SOCIETE,
    "M18": _SOCIETE | {"motif": "La pièce d'identité est périmée."},
    "M19": _BANQUE | _JETON | {"titulaire": "Logiciels Valombreuse", "expire_le": "9 janvier 2024 à 14 h 00"},
    "M20": _BANQUE | {"effet_le": "9 janvier 2024 à 14 h 00"},
    "M21": _BANQUE | {"motif": "Le RIB n'est pas au nom de l'entreprise."},
    "M22": _BANQUE,
    "M23": _BANQUE,
    "M24": {
        "adresse": "https://portail.example/segurnum/enrolement_de_logiciel/reprendre/secret-invente",
        "expire_le": "1er février 2024",
        "jours": 30,
    },
    "M25": {
        "quoi": "de votre import 42",
        "nom": "PJ & avances.zip",
        "recue_le": "02/01/2024 à 13:58:02",
        "avant_le": "09/01/2024",
        "lien": "https://portail.example/segurnums/importations/42/pieces",
    },
    "M26": {"nom": "RIB & mandat.pdf", "depose_le": "02/01/2024 à 13:58:02", "sujet": "l'enrôlement ENR0601"},
    "M30": {"numero": _MESSAGE["numero"], "recu_le": "02/01/2024 à 14:56"},
    "M120": {
        "numero": _MESSAGE["numero"],
        "demande": "FINMS100042M0",
        "lien": "https://portail.example/segurnum/fournisseur/demandes/FINMS100042M0/messages",
    },
    "M31": _MESSAGE | {"reponse": "Votre demande est en cours d'instruction."},
    "M40": _MODELE | {"motif": ""},
    "M41": _MODELE | {"motif": "La date de la vérification n'est pas prévue.\nAjoutez-la."},
    "M50": _ENTREPRISE | _JETON | {"role": "Déposant", "expire_le": "9 janvier 2024 à 14 h 00"},
    "M51": {
        "fait": "clé d'accès ajoutée",
        "phrase": "La clé d'accès « Téléphone » vient d'être ajoutée à votre compte.",
        "instant": "2 janvier 2024 à 14 h 56",
    },
    "M52": _ENTREPRISE | {"role": "Lecteur"},
    **{
        code: {
            "depot": 42,
            "nom": "MS1 & avances.json",
            "nombre": 3,
            "fin": "09/01/2024",
            "demandes": "- FINMS1000001 (n° éditeur 00001) : MS1-DUI-va1-bdc-00001.pdf\n- et 2 autres.",
            "lien": "https://portail.example/segurnums/incompletes",
        }
        for code in ("M93", "M94", "M95")
    },
    "M89": _DEMANDE
    | {
        "numero": "FINMSS009266M1",
        "raison": "Extrait du 30 juin 2026 à 14 h 00 écarté",
        "changements": "- Nombre de BAL applicatives déclarées : 3 000 (avant : 1 000)\n"
        "- Montant demandé, hors taxe : 175 248,30 € (avant : 58 588,30 €)",
        "revalider": True,
    },
    "M61": _CONTESTATION,
    "M62": _CONTESTATION,
    "M63": _CONTESTATION,
    "M64": _CONTESTATION,
    "M75": _DEMANDE | {"motif": _MOTIF, "cloture_le": "22 janvier 2024 à 14 h 05"},
    "M76": _DEMANDE | {"motif": _MOTIF},
    "M77": _DEMANDE | {"raison": "La pièce nous est parvenue autrement."},
    "M78": _DEMANDE
    | {"motif": _MOTIF, "raison": "Le financement se clôt.", "cloture_le": "12 janvier 2024 à 23 h 59"},
    "M79": _DEMANDE
    | {
        "montant": "322,50 €",
        "ancien": "FR76 •••• •••• 0137",
        "nouveau": "FR76 •••• •••• 0189",
        "titulaire": "Logiciels Valombreuse",
    },
    "M60": {"identifiant": "clormelin", "profil": "Gestionnaire", "second_facteur": True},
    "M80": _TITRE,
    "M81": _TITRE
    | {"phrase": "Un remboursement de 100,00 €, reçu le 02/01/2024, est enregistré.", "reste": "500,00 €"},
    "M82": _TITRE,
    "M83": _TITRE
    | {"phrase": "600,00 € sont retenus sur le paiement de votre demande FINMS1010720M0.", "reste": ""},
    "M84": _TITRE | {"motif": "Remise gracieuse."},
    "M85": _DEMANDE
    | {
        "montant": "322,50 €",
        "paye_le": "02/01/2024",
        "jour": "09/01/2024",
        "motif": "AC04 : compte clôturé",
    },
    "M86": _DEMANDE | {"trop_percu": "50,00 €"},
    "M87": {
        "fait_le": "2 janvier 2024 à 4 h 45",
        "anomalies": 12,
        "trouvees": "- Enveloppe « Médico-social » : elle dit 360,00 € décidés, le grand livre 720,00 €.",
        "suite": 2,
    },
    "M65": {
        "recu_le": "2 janvier 2024 à 13 h 59",
        "siret": "99900001100018",
        "couloir": "Médico-social (DUI)",
        "type": "avance",
        "nombre": 1,
        "demandes": "- FINMS1010719M0, 1 074,99 € HT déclarés",
        "numero": "REC00000042",
        "lien": "https://portail.example/segurnum/recepisses/Xc3",
    },
    "M96": {
        "numero": "REC00000042",
        "nature": "Envoi de pièces dans un fichier ZIP",
        "recu_le": "2 janvier 2024 à 13:59:59, heure de Paris",
        "faits": "- Fichier : pieces.zip\n- Taille : 1024 octets",
        "retenus": 2,
        "rejetes": 1,
        "lien": "https://portail.example/segurnum/recepisses/Xc3",
    },
    "M66": _DEMANDE
    | {
        "fait_le": "12 janvier 2024 à 10 h 00",
        "version": 2,
        "declare": "1 000,00 €",
        "recepisse": "REC00000043",
        "lien": "https://portail.example/segurnum/recepisses/Xc4",
    },
    "M100": {
        "denomination": "Logiciels Valombreuse",
        "lignes": "- 02/01/2024 à 14:56, FINMS1010719M0 : Le financement est décidé",
        "autres": 3,
        "lien": "https://portail.example/segurnum/fournisseur/notifications",
    },
    "M67": _DEMANDE | {"motif": _MOTIF, "ecartees": "- bon-signe.pdf\n- attestation.pdf"},
    "M68": _DEMANDE | {"motif": _MOTIF, "fait_le": "12 janvier 2024 à 10 h 00", "decidee": True},
    "M69": _VERSEMENT | {"paye_le": "19/01/2024"},
    "M70": _VERSEMENT
    | {"motif": "AC04 : compte clôturé", "lien": "https://portail.example/segurnum/coordonnees-bancaires"},
}
# Mails that say something else in another case.
VARIANTES: dict[str, tuple[str, dict[str, Any]]] = {
    "M81-solde": ("M81", {"reste": ""}),
    "M83-retiree": ("M83", {"motif": "La demande est annulée.", "reste": "600,00 €"}),
    "M86-rien": ("M86", {"trop_percu": ""}),
    "M01-anticipe": ("M01", {"anticipe": True}),
    "M01-anticipe-dpi": ("M01", {"anticipe": True, "est_dpi": True}),
    "M52-retire": ("M52", {"role": ""}),
    "M08-compte": ("M08", {"lien": ""}),
    "M03-dpi": ("M03", {"anticipe": True, "est_dpi": True}),
    "M60-sans-second-facteur": ("M60", {"second_facteur": False}),
    "M89-en-cours": ("M89", {"revalider": False}),
    "M63-attribuee": ("M63", {"attribuee": True}),
    "M63-rejetee": ("M63", {"rejetee": True}),
    "M40-commentaire": ("M40", {"motif": "Pensez à dater chaque exemplaire."}),
}
CAS = {code: (code, valeurs) for code, valeurs in VALEURS.items()} | {
    nom: (code, VALEURS[code] | change) for nom, (code, change) in VARIANTES.items()
}
