# The front door. `make help` lists the targets.
.PHONY: grade test explain clean help
.DEFAULT_GOAL := help

grade:  ## grade the labs: LAB=01 one lab, CHECK=end-of-file one check, TREE=solutions another tree, JSON=path
	@./ipclab grade $(if $(LAB),--lab '$(LAB)') $(if $(CHECK),--check '$(CHECK)') $(if $(TREE),--tree '$(TREE)') $(if $(JSON),--json '$(JSON)')

explain:  ## one diagnosis in depth: ID=pipe/write-end-kept-open
	@./ipclab explain '$(ID)'

clean:  ## remove everything that was built
	rm -rf build build-*

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /  \1\t/p' Makefile | expand -t 12
