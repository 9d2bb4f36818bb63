// The box « Je ne suis pas un robot ». Where the browser cannot compute (no scripts, no secure context), the page stays
// as it is, and the time spent on it is the proof.

function installer(zone) {
  $altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(zone.dataset.ouvrier));
  const boite = document.createElement("altcha-widget");
  boite.setAttribute("name", zone.dataset.captcha);
  boite.setAttribute("challenge", zone.dataset.defi);
  boite.setAttribute("language", "fr");
  boite.setAttribute("configuration", JSON.stringify({ hideFooter: true, hideLogo: true }));
  zone.replaceChildren(boite);
}

function installerTout() {
  for (const zone of document.querySelectorAll("[data-captcha]")) installer(zone);
}

if (globalThis.crypto?.subtle && globalThis.$altcha) {
  $altcha.i18n.set("fr", {
    ...$altcha.i18n.get("en"),
    cancel: "Annuler",
    error: "La vérification a échoué. Recommencez.",
    expired: "La vérification a expiré. Recommencez.",
    label: "Je ne suis pas un robot",
    loading: "Chargement…",
    reload: "Recharger",
    verificationRequired: "Cochez « Je ne suis pas un robot ».",
    verified: "Vérifié",
    verify: "Vérifier",
    verifying: "Vérification en cours…",
    waitAlert: "Vérification en cours : patientez quelques instants.",
  });
  installerTout();
  // A form sent by a script is shown again without its page being loaded.
  document.addEventListener("portail:remplace", installerTout);
}
