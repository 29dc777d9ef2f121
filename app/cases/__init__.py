"""Cases (专项): what has a life of its own, by the stages that the catalogue writes down."""
