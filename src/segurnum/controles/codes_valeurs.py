"""The codes of what may be wrong with one value."""

from __future__ import annotations

from segurnum.controles.catalogue import AVERTISSEMENT, ERREUR, declarer

TYPE = declarer(
    "1103",
    "Type inattendu",
    ERREUR,
    "La valeur n'est pas du type attendu : texte, nombre, booléen, objet ou liste.",
    "Reprenez le type indiqué par la documentation du champ.",
)
BLANCS = declarer(
    "1202",
    "Espaces autour d'une valeur",
    AVERTISSEMENT,
    "La valeur est entourée d'espaces ; ils sont retirés.",
    "Retirez les espaces.",
)
NOMBRE_CITE = declarer(
    "1203",
    "Nombre entre guillemets",
    AVERTISSEMENT,
    "Un nombre est écrit comme un texte ; il est lu comme un nombre.",
    "Retirez les guillemets.",
)
CASSE = declarer(
    "1204",
    "Majuscules et minuscules",
    AVERTISSEMENT,
    "La valeur n'a pas les majuscules attendues ; elle est corrigée.",
    "Écrivez la valeur comme la documentation.",
)
VIDE_ADMIS = declarer(
    "1207",
    "Texte vide au lieu de null",
    AVERTISSEMENT,
    "Un texte vide est écrit dans un champ qui peut rester vide ; il est lu comme null.",
    "Écrivez null.",
)
ENTIER_DECIMAL = declarer(
    "1208",
    "Nombre entier écrit avec des décimales",
    AVERTISSEMENT,
    "Un nombre entier est écrit avec un point ou un exposant ; il est lu comme un entier.",
    "Écrivez le nombre sans décimale.",
)
TELEPHONE_ECRIT = declarer(
    "1209",
    "Autre écriture d'un téléphone",
    AVERTISSEMENT,
    "Le téléphone porte un « (0) » ou des espaces insécables ; il est lu et corrigé.",
    "Écrivez dix chiffres, ou +33 suivi de neuf chiffres.",
)
MAL_LU = declarer(
    "1210",
    "Lettres accentuées abîmées",
    AVERTISSEMENT,
    "Le texte a été lu dans un autre encodage que le sien par un logiciel ; il est réparé quand il peut l'être.",
    "Exportez de nouveau vos données en UTF-8, et vérifiez le texte réparé.",
)
CODE_NON_CITE = declarer(
    "1206",
    "Identifiant sans guillemets",
    AVERTISSEMENT,
    "Un identifiant est écrit comme un nombre ; il est lu comme un texte, sa clé de contrôle ne laissant aucun doute.",
    "Mettez l'identifiant entre guillemets : un zéro initial serait perdu.",
)
IDENTIFIANTS = {
    code: declarer(
        code,
        f"{nom} invalide",
        ERREUR,
        f"La valeur n'est pas {article} {nom[0].lower() if nom[1:2].islower() else nom[0]}{nom[1:]} : {attendu}.",
        "Vérifiez la saisie, chiffre par chiffre.",
    )
    for code, nom, article, attendu in (
        ("2000", "Identifiant", "un", "elle ne suit pas la forme attendue"),
        ("2001", "Numéro ANS", "un", "10 lettres ou chiffres sans accent"),
        ("2002", "Numéro SIRET", "un", "14 chiffres et une clé de contrôle juste"),
        ("2003", "Numéro FINESS", "un", "9 caractères et une clé de contrôle juste"),
        ("2004", "Numéro PMSI", "un", "9 caractères et une clé de contrôle juste"),
        ("2005", "Numéro RPPS", "un", "11 chiffres et une clé de contrôle juste"),
        ("2006", "Adresse électronique", "une", "sans accent ni espace"),
        ("2007", "Numéro de téléphone", "un", "français, outre-mer compris"),
        ("2008", "Numéro Assurance Maladie", "un", "9 chiffres"),
        (
            "2009",
            "Adresse de site web",
            "une",
            "l'adresse d'une page publique, en http:// ou https://, est attendue",
        ),
        ("2014", "Numéro de dossier", "un", "FIN, le code du couloir et six chiffres"),
    )
}
CHOIX = declarer(
    "2010",
    "Valeur hors liste",
    ERREUR,
    "La valeur n'est pas l'une de celles que le champ admet.",
    "Choisissez l'une des valeurs indiquées.",
)
LONGUEUR = declarer(
    "2011", "Texte trop long", ERREUR, "Le texte dépasse la longueur permise.", "Raccourcissez le texte."
)
FORME = declarer(
    "2012",
    "Texte mal formé",
    ERREUR,
    "Le texte contient d'autres caractères que ceux permis.",
    "Reprenez les caractères indiqués.",
)
VIDE = declarer(
    "2013", "Texte vide", ERREUR, "Le texte est vide.", "Remplissez le champ, ou écrivez null s'il l'admet."
)
CONTROLE = declarer(
    "2015",
    "Caractère interdit",
    ERREUR,
    "Le texte contient un caractère invisible (retour à la ligne, tabulation, caractère de contrôle).",
    "Écrivez le texte sur une ligne.",
)
REMPLISSAGE = declarer(
    "2016",
    "Mot de remplissage",
    ERREUR,
    "Le texte est ce qu'un logiciel ou un tableur écrit quand il n'a rien (« null », « #N/A », « undefined »…).",
    "Écrivez la valeur, ou null sans guillemets si le champ l'admet.",
)
DATE = declarer(
    "2020",
    "Date invalide",
    ERREUR,
    "La date n'est pas de la forme JJ/MM/AAAA, ou n'existe pas au calendrier.",
    "Écrivez par exemple 18/10/2021.",
)
MONTANT = declarer(
    "2021",
    "Montant hors limites",
    ERREUR,
    "Le montant n'est pas supérieur à zéro, ou atteint le milliard d'euros.",
    "Écrivez le montant hors taxe de la commande ou de la facture.",
)
DECIMALES = declarer(
    "2022",
    "Trop de décimales",
    ERREUR,
    "Un montant s'écrit avec deux décimales au plus.",
    "Arrondissez au centime comme sur la commande ou la facture.",
)
ENTIER = declarer(
    "2023",
    "Nombre hors limites",
    ERREUR,
    "Le nombre entier est trop petit ou trop grand.",
    "Comptez à partir de 1.",
)
