//! A class made up from the samples, as course systems export it.
