/** Where the keyboard on glass lies over the page instead of making it smaller, the page makes itself smaller. */
export function watchKeyboard(): void {
  const view = visualViewport;
  view?.addEventListener("resize", () => {
    const { style } = document.documentElement;
    // Zoomed in, the view is small for another reason.
    if (view.scale !== 1 || view.height >= innerHeight) style.removeProperty("--height");
    else style.setProperty("--height", `${view.height}px`);
    scrollTo(0, 0);
  });
}
