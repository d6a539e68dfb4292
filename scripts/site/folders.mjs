/** Where the generator of the site finds its pages. */
export const staged = '.cache/site';
