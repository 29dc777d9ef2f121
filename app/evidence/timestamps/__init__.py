"""RFC 3161: a third party's word that a day's signed head was there at an instant."""
