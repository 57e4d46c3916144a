"""Makes ``tiktoken.get_encoding("dossier_16k")`` work: tiktoken looks for this table in every module here."""

from dossier.reading.tokens import NAME, own_encoding_arguments

ENCODING_CONSTRUCTORS = {NAME: own_encoding_arguments}
