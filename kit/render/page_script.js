// The button for light and dark, and a table of contents that is open where there is room beside the text.
const button = document.querySelector(".theme");
const show = () => button.setAttribute("aria-pressed", String(isDark()));
button.hidden = false;
button.addEventListener("click", () => {
  toggleTheme();
  show();
});
show();

const contents = document.querySelector(".contents details");
const wide = matchMedia("(min-width: 68rem)");
const unfold = () => contents && (contents.open = wide.matches);
wide.addEventListener("change", unfold);
unfold();
