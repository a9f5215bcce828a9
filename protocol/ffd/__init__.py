"""Fiscal documents (ФФД): requisites, their encoding, the composition of documents."""
