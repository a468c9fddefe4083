/**
 * All that the first load has of ours. Each part that comes later names it, so that the bundler sees one set of users for
 * all of it, and one file: it makes a file of its own for every set, and many small ones are more to ask for, and larger
 * together once they are compressed.
 */
import "../model/app.ts";
import "./app.tsx";
import "./world.ts";
