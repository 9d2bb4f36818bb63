"""What a field is for the portal, beyond its value: its place on the screens, and the rules that look for it."""

from enum import Enum, auto


class Role(Enum):
    """Said once, at the field. A field of `scenarioInstallation` needs none: it is a question, or a column of the
    table of sites. The label of the field is that of its question, of its column or of its tick.
    """

    # A row of « Liste bénéficiaire(s) »: the object that holds an IDENTIFIANT is a beneficiary.
    IDENTIFIANT = auto()
    A_DEFAUT = auto()  # identifies where no IDENTIFIANT is filled
    NOM = auto()
    COURRIEL = auto()
    TELEPHONE = auto()
    RAISON_SOCIALE = auto()
    # A tick above that list: true or false.
    MANDATAIRE = auto()  # the order is carried by somebody, whom the three fields of `commun.mandataire` name
    CLIENT_UNIQUE = auto()  # never with MANDATAIRE
    BENEFICIAIRE_UNIQUE = auto()  # likewise, and there is one beneficiary only
    # « Scénario d'installation ».
    QUESTION = auto()  # a field of the request that is shown there too
    SITE = (
        auto()
    )  # the column (the first filled of them) that says which site a row is about: one row for each
    PROFIL = auto()  # checked against the profiles that the software was referenced with, shown in bold


CELLULES = (Role.NOM, Role.COURRIEL, Role.TELEPHONE, Role.RAISON_SOCIALE)
COCHES = (Role.MANDATAIRE, Role.CLIENT_UNIQUE, Role.BENEFICIAIRE_UNIQUE)
