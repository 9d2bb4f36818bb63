// Choosing an ANS number proposes the VAT rate of its enrolment; the rate stays free.
const choix = document.querySelector("[data-choix-taux]");

choix?.addEventListener("change", () => {
  const taux = choix.selectedOptions[0]?.dataset.taux;
  if (taux) document.getElementById(choix.dataset.choixTaux).value = taux;
});
