// Starts the deck. `Reveal` and `RevealNotes` stand above, from the reveal.js package.
// Paper is white: `?print-pdf` prints the light deck.
if (/print-pdf/i.test(location.search)) document.documentElement.dataset.theme = "light";

await Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "fade",
  transitionSpeed: "fast",
  controlsTutorial: false,
  pdfSeparateFragments: false,
  plugins: [RevealNotes],
});
Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Light or dark" }, toggleTheme);
globalThis.Reveal = Reveal;
